"""What a boot costs: instructions from LBA 0 to the kernel's entry.

Counted by a plugin (count_boot.c) under -icount, the BIOS's waiting for the
disk left out: the same every time, whatever else the host does.
"""

import argparse
import collections
import os
import pathlib
import re
import struct
import subprocess
import sys

from rows import Row, write

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "boot"))
# pylint: disable=wrong-import-position
from harness.emulator import HANG  # noqa: E402
from harness.guard import Process  # noqa: E402
from harness.machine import value  # noqa: E402
from harness.recipe import SECTOR, Layout  # noqa: E402
from harness.words import defines  # noqa: E402

INSTRUCTIONS = ["-icount", "shift=0,sleep=off"]
BOOT_SECTOR = defines("layout.h")["BOOT_SECTOR_ADDR"]
BARE_DONE = BOOT_SECTOR + 8
BARE_PLACE = 16

# Where a step begins (a symbol of stage 2), and what it is called.
STEPS = [("stage2_start", "console, tables"),
         ("header_check", "header, disk"), ("diag_offer", "diagnostics?"),
         ("cpu_check", "CPU check"), ("a20_enable", "A20"),
         ("low_memory_check", "memory map"), ("video_init", "screen"),
         ("blobs_load", "load"), ("long_mode_enter", "to long mode"),
         ("stage2_main", "verify, describe")]


# What is counted up to a mark, see count_boot.c.
Counts = collections.namedtuple("Counts",
                                "instructions bios calls ports halts")


class Bench:
    """Images of our own, booted with the plugin."""

    def __init__(self, build):
        self.build = pathlib.Path(build)

    def image(self, size):
        path = self.build / f"bench_{size}.img"
        subprocess.run([self.build / "mkimage", "--kernel",
                        self.build / f"test/kernels/bench-{size}.elf",
                        "-o", path], check=True)
        return path

    def bare_image(self, size):
        """The same image, LBA 0 replaced by the bare loop."""
        image = bytearray(self.image(size).read_bytes())
        start, length = Layout(image).blobs[0]
        image[:SECTOR] = (self.build / "bare.bin").read_bytes()
        struct.pack_into("<II", image, BARE_PLACE, start // SECTOR,
                         -(-length // SECTOR))
        path = self.build / f"bench_{size}_bare.img"
        path.write_bytes(image)
        return path

    def symbols(self, elf="stage2.elf"):
        out = subprocess.run([os.environ.get("NM", "nm"), self.build / elf],
                             check=True, stdout=subprocess.PIPE,
                             encoding="ascii").stdout
        return {name: int(address, 16) for address, name in
                re.findall(r"^([0-9a-f]+) \w (\S+)$", out, re.M)}

    def entry(self, size):
        elf = self.build / f"test/kernels/bench-{size}.elf"
        return struct.unpack_from("<Q", elf.read_bytes(), 24)[0]

    def run(self, image, marks, arguments=(), cpu="max"):
        """[Counts] at each mark."""
        out = self.build / "bench_boot.txt"
        plugin = f"{value(self.build)}/count_boot.so,out={value(out)}" + \
            "".join(f",mark={mark:x}" for mark in marks)
        guest = Process(
            ["qemu-system-x86_64", "-cpu", cpu, "-display", "none",
             "-no-reboot", "-drive", f"format=raw,file={value(image)}",
             "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
             "-plugin", plugin, *INSTRUCTIONS, *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            guest.wait(HANG)
        finally:
            guest.kill()
            guest.wait()
        found = [Counts(*map(int, line.split()))
                 for line in out.read_text().splitlines()]
        if len(found) != len(marks):
            raise SystemExit(f"{image}: {len(found)} of {len(marks)} marks "
                             "were reached")
        return found


def size_rows(bench):
    """What is released can be read in a sitting; what students add to it
    may make it longer."""
    sizes = {name: (bench.build / f"{name}.bin").stat().st_size
             for name in ("bootsector", "stage2")}
    yield Row("boot sector and stage 2", sum(sizes.values()), "bytes", sizes,
              most=defines("layout.h")["LOADER_BYTES_SHIPPED"])


def step_rows(bench):
    """A 64 KiB kernel, step by step."""
    symbols = bench.symbols()
    marks = [BOOT_SECTOR, *[symbols[name] for name, _ in STEPS],
             bench.entry("64k")]
    at = bench.run(bench.image("64k"), marks)
    total = at[-1]
    yield Row("boot, 64 KiB kernel", total.instructions, "instructions",
              {"BIOS": total.bios, "BIOS calls": total.calls}, most=180000)
    yield Row("boot, outside the BIOS", total.instructions - total.bios,
              "instructions", most=110000)
    names = ["boot sector", *[name for _, name in STEPS]]
    for name, before, after in zip(names, at, at[1:]):
        spent = Counts(*(now - then for now, then in zip(after, before)))
        yield Row(f"  {name}", spent.instructions, "instructions",
                  {"BIOS": spent.bios, "BIOS calls": spent.calls})


def large_rows(bench):
    """A 16 MiB kernel beside a loop that only reads and copies it."""
    ours, bare = bench.image("16m"), bench.bare_image("16m")
    ours_marks = [BOOT_SECTOR, bench.entry("16m")]
    bare_marks = [BOOT_SECTOR, BARE_DONE]
    floor = bench.run(bare, bare_marks)[-1]
    for cpu, most in (("max", 1.45), ("max,-sse4.2", None)):
        total = bench.run(ours, ours_marks, cpu=cpu)[-1]
        yield Row(f"boot, 16 MiB kernel, -cpu {cpu}",
                  total.instructions / floor.instructions, "x a bare loop",
                  {"ours": total.instructions,
                   "bare loop": floor.instructions, "BIOS calls": total.calls,
                   "bare loop's": floor.calls}, most=most)
        if cpu == "max":
            yield Row("boot, 16 MiB kernel, accesses to ports",
                      total.ports / floor.ports, "x a bare loop",
                      {"ours": total.ports, "bare loop": floor.ports},
                      most=1.01)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    bench = Bench(parser.parse_args().build)
    write(bench.build / "bench_boot.jsonl",
          [*size_rows(bench), *step_rows(bench), *large_rows(bench)])


if __name__ == "__main__":
    main()
