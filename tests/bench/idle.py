"""What a kernel that waits costs: QEMU's processor time while nobody types.

Beside it stands a kernel that halts for ever with interrupts off, which shows
what QEMU itself takes.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import time

from rows import Row, write

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "boot"))
# pylint: disable=wrong-import-position
from harness.guard import Process  # noqa: E402
from harness.machine import value  # noqa: E402

SECONDS = 10
# The boot's last threads and buffers are gone by then.
SETTLE = 2


class Guest:
    """A kernel in QEMU that has said `ready`."""

    def __init__(self, build, kernel, cmdline, ready):
        image = build / "bench_idle.img"
        subprocess.run([build / "mkimage", "--kernel", build / kernel,
                        "--cmdline", cmdline, "-o", image], check=True)
        self.process = Process(
            ["qemu-system-x86_64", "-display", "none", "-serial", "stdio",
             "-no-reboot", "-drive", f"format=raw,file={value(image)}"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        said = b""
        while ready.encode() not in said:
            piece = self.process.stdout.read1()
            if not piece:
                raise SystemExit(f"{kernel} never said '{ready}'")
            said += piece

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def seconds(self):
        """Of the host's processors, used so far (proc(5): utime, stime)."""
        stat = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text()
        fields = stat.rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def percent(self):
        time.sleep(SETTLE)
        before, start = self.seconds(), time.monotonic()
        time.sleep(SECONDS)
        used = self.seconds() - before
        return 100 * used / (time.monotonic() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    build = pathlib.Path(parser.parse_args().build)
    with Guest(build, "kernel.elf", "", "firstlight: ready") as guest:
        ours = guest.percent()
    with Guest(build, "test/kernels/foreign-kernel.elf", "",
               "Hello from a kernel") as guest:
        halted = guest.percent()
    write(build / "bench_idle.jsonl",
          [Row("idle at the prompt for 10 s", ours, "% of a host core",
               {"halted for ever": halted}, most=2)])


if __name__ == "__main__":
    main()
