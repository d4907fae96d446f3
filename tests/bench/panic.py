"""What a panic page costs, from the fault to the last byte printed.

Instructions are counted by a plugin (count_boot.c). QEMU's COM1 takes every
byte at once, so none of them is spent waiting; what a real line adds follows
from the number of bytes.
"""

import argparse
import subprocess

from boot import INSTRUCTIONS, Bench
from rows import Row, write

BYTES_PER_SECOND = 115200 / 10  # 8N1: ten bits each

# KIND -> the function in which the fault happens
FAULTS = {"ud": "invalid_opcode", "df-recursion": "fault_recursion"}


def image(bench, kind):
    path = bench.build / f"bench_panic_{kind}.img"
    subprocess.run([bench.build / "mkimage", "--kernel",
                    bench.build / "kernel.elf", "--cmdline",
                    f"exit panic={kind}", "-o", path], check=True)
    return path


def rows(bench):
    symbols = bench.symbols("kernel.elf")
    for kind, function in FAULTS.items():
        text = bench.build / "bench_panic.txt"
        marks = [symbols[function], symbols["serial_drain"]]
        total = bench.run(image(bench, kind), marks,
                          [*INSTRUCTIONS, "-serial", f"file:{text}"])[-1][0]
        page = text.read_bytes()
        size = len(page) - page.index(b"KERNEL PANIC")
        yield Row(f"panic page, {kind}", total, "instructions",
                  {"bytes": size,
                   "ms at 115200 baud": 1000 * size / BYTES_PER_SECOND},
                  most=2000000)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    bench = Bench(parser.parse_args().build)
    write(bench.build / "bench_panic.jsonl", rows(bench))


if __name__ == "__main__":
    main()
