"""What a kernel that waits costs while nobody types.

Counted by a plugin (count_boot.c) between two commands at the prompt, per
second of the guest's time, and reckoned as QEMU's processor time by two fixed
prices: the figure depends neither on what else the host does nor on the host.
"""

import argparse
import re

from boot import INSTRUCTIONS, Bench, Counts
from rows import Row, write

from booting import boot
from harness import guard
from harness.machine import value
from monitor_session import Serial

SECONDS = 100
# What QEMU takes of a host's processor, in seconds, rounded up: to wake the
# guest's and to put it to sleep again, and for an instruction.
WAKE_UP = 100e-6
INSTRUCTION = 5e-9


def alarm(guest, seconds):
    """Enter the command; when that was, in seconds since the boot. It rings
    that much later, and says the time."""
    start = len(guest.serial.text)
    guest.serial.send(f"alarm {seconds}\r".encode())
    told = r"alarm: it is ([\d.]+) s now\n"
    rang = guest.wait(lambda: re.search(told, guest.serial.text[start:]),
                      what="the alarm did not come")
    return float(rang[1]) - seconds


def count(bench):
    """(seconds, Counts) at the prompt, from one alarm command to another"""
    out = bench.build / "bench_idle.txt"
    mark = bench.symbols("kernel.elf")["command_alarm"]
    plugin = (f"{value(bench.build)}/count_boot.so,out={value(out)},"
              f"mark={mark:x},mark={mark:x}")
    with guard.folder() as directory, boot(
            directory, "", cpu="max",
            extra=(*INSTRUCTIONS, "-plugin", plugin)) as guest:
        Serial(guest)
        began = alarm(guest, SECONDS)
        ended = alarm(guest, 1)
    return ended - began, Counts(*map(int, out.read_text().split()[5:]))


def rows(bench):
    seconds, counts = count(bench)
    wake_ups = counts.halts / seconds
    instructions = counts.instructions / seconds
    yield Row("idle at the prompt",
              100 * (wake_ups * WAKE_UP + instructions * INSTRUCTION),
              "% of a host core, reckoned",
              {"wake-ups a second": wake_ups,
               "instructions a second": instructions}, most=1.5)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build")
    bench = Bench(parser.parse_args().build)
    write(bench.build / "bench_idle.jsonl", rows(bench))


if __name__ == "__main__":
    main()
