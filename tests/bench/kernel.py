"""What the kernel's own benchmarks say (kernel/bench/bench.h).

Instructions are counted by QEMU's -icount, where one TSC tick is one
instruction: they are the same every time. Accesses to video memory are
counted by a plugin.
"""

import argparse
import fcntl
import os
import pathlib
import re
import subprocess
import sys

from rows import Row, write

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "boot"))
# pylint: disable=wrong-import-position
from harness import guard  # noqa: E402
from harness.machine import value  # noqa: E402

LINES = 10000
SUCCESS = 33
INSTRUCTIONS = ["-icount", "shift=0,sleep=off"]
# What an access to video memory counts as where both are added. In QEMU it
# takes as long as tens of instructions, on a PC as hundreds.
ACCESS = 10


class Bench:
    """Boots of the kernel with bench=... on its command line."""

    def __init__(self, build):
        self.build = pathlib.Path(build)
        self.image = self.build / "bench_kernel.img"

    def start(self, bench, arguments, stdout):
        """A boot that has ended; bench "": none is run"""
        cmdline = f"exit bench={bench}" if bench else "exit"
        subprocess.run([self.build / "mkimage",
                        "--kernel", self.build / "kernel.elf",
                        "--module", self.build / "programs.tar",
                        "--cmdline", cmdline, "-o", self.image], check=True)
        done = guard.run(
            ["qemu-system-x86_64", "-cpu", "max", "-display", "none",
             "-serial", "stdio", "-no-reboot",
             "-drive", f"format=raw,file={value(self.image)}",
             "-device", "isa-debug-exit,iobase=0xf4,iosize=4", *arguments],
            stdout=stdout)
        if done.returncode != SUCCESS:
            raise SystemExit(f"bench={bench}: QEMU ended with status "
                             f"{done.returncode}")
        return done

    def boot(self, bench, arguments):
        """{name: [ticks, ...]}"""
        done = self.start(bench, arguments, subprocess.PIPE)
        found = {}
        for name, ticks in re.findall(r"^bench: (\S+) (\d+)",
                                      done.stdout.decode("cp437"), re.M):
            found.setdefault(name, []).append(int(ticks))
        return found

    def longest_off(self):
        """Instructions for which interrupts are off at a stretch while 1,000
        lines are printed, and COM1, which nobody reads, takes none."""
        names = subprocess.run([os.environ.get("NM", "nm"),
                                self.build / "kernel.elf"], check=True,
                               stdout=subprocess.PIPE, text=True).stdout
        where = {name: address for address, name in
                 re.findall(r"^(\w+) \w (\S+)$", names, re.M)}
        out = self.build / "bench_off.txt"
        plugin = self.build / "count_off.so"
        unread, stalled = os.pipe()
        fcntl.fcntl(stalled, fcntl.F_SETPIPE_SZ, 4096)
        try:
            self.start("lines", [
                *INSTRUCTIONS, "-plugin",
                f"{value(plugin)},from=0x{where['bench_lines_printed']},"
                f"entries=0x{where['interrupt_entries']},"
                f"end=0x{where['interrupt_entries_end']},"
                f"out={value(out)}"], stalled)
        finally:
            os.close(unread)
            os.close(stalled)
        return int(out.read_text().split()[1])

    def accesses(self, bench):
        """(loads, stores, bytes) of video memory in a whole boot"""
        out = self.build / "bench_accesses.txt"
        plugin = self.build / "count_accesses.so"
        self.boot(bench, ["-plugin", f"{value(plugin)},out={value(out)}"])
        return [int(word) for word in out.read_text().split()[1::2]]

    def accesses_per_line(self, bench):
        """What 10,000 lines add to a boot that prints none."""
        rest = self.accesses("")
        return [(some - none) / LINES
                for some, none in zip(self.accesses(bench), rest)]


def rows(bench):
    ticks = {name: found[0] for name, found in
             bench.boot("vga-round,print,interrupt,memory,thread,process",
                        INSTRUCTIONS).items()}
    naive = {"naive": ticks["vga-naive"]}
    yield Row("VGA line", ticks["vga-ours"], "instructions", naive,
              most=1200)
    ours, theirs = (sum(bench.accesses_per_line(name)[:2])
                    for name in ("vga-ours", "vga-naive"))
    yield Row("VGA line, video memory", ours, "accesses",
              {"naive": theirs}, most=120)
    yield Row(f"VGA line, an access being {ACCESS} instructions",
              (ticks["vga-naive"] + ACCESS * theirs) /
              (ticks["vga-ours"] + ACCESS * ours), "x less than naive",
              least=20)
    yield Row("kprintf() of a VGA line", ticks["kprintf-line"],
              "instructions", naive)
    yield Row('kprintf("%d %s %x\\n") to VGA', ticks["kprintf-message"],
              "instructions", naive)
    yield Row("lock and unlock", ticks["lock-unlock"], "instructions")
    yield Row("interrupts off at a stretch, COM1 stalled",
              bench.longest_off(), "instructions", most=5000)
    yield Row("interrupt, handler and back", ticks["interrupt"],
              "instructions", most=150)
    yield Row("frame, taken and given", ticks["frame"], "instructions",
              most=105)
    yield Row("page, mapped and unmapped", ticks["map"], "instructions",
              most=350)
    yield Row("kmalloc() and kfree() of 64 bytes", ticks["kmalloc"],
              "instructions", most=150)
    yield Row("yield to another thread", ticks["yield"], "instructions",
              most=130)
    yield Row("thread, created and joined", ticks["create"], "instructions",
              most=2000)
    yield Row("semaphore, there and back", ticks["ping-pong"],
              "instructions", most=580)
    yield Row("mutex, locked and unlocked", ticks["mutex"], "instructions",
              most=42)
    yield Row("call of a program that does nothing", ticks["call"],
              "instructions", most=100)
    yield Row("page of zeros, by a fault", ticks["fault"], "instructions")
    yield Row("program hello, spawned and waited for", ticks["program"],
              "instructions", most=60000)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    bench = Bench(parser.parse_args().build)
    write(bench.build / "bench_kernel.jsonl",
          rows(bench))


if __name__ == "__main__":
    main()
