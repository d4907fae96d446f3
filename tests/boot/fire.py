"""Printing under fire: what a guest prints is checked as it comes.

    python3 tests/boot/fire.py SECONDS [CPUS]

runs it for so long, on so many processors, with NMIs all the time, and says
what was seen.
"""

import contextlib
import os
import re
import sys
import time
import typing

from booting import boot
from harness.emulator import HANG, GuestDied
from harness.guard import folder
from harness.words import ROOT

# Seconds between two NMIs.
NMI_EVERY = 0.005
# A guest that has said nothing more for so long hangs.
SILENCE = HANG

# Lines before the first and behind the last one.
BEGINS = "fire "
LINE = re.compile(r"fire ([tc])(\d\d) (\d{8}) (\.*)\|$")
ENDS = re.compile(r"fire: (\d+) lines from threads, (\d+) from interrupts, "
                  r"(\d+) NMIs$")
AFTER = "fire: "


def width():
    header = (ROOT / "kernel/test/test.h").read_text()
    return int(re.search(r"#define FIRE_WIDTH (\d+)", header)[1])


class Seen(typing.NamedTuple):
    threads: int	# lines
    interrupts: int
    nmis: int
    sources: dict	# {("t", "03"): lines}
    after: list		# what was said of memory


class Torn(Exception):
    """A line that should not be there, or is missing."""


class Lines:
    """What one channel has said so far; each line is known in advance."""

    def __init__(self):
        self.width = width()
        self.rest = ""
        self.next = {}	# of each source
        self.started = False
        self.end = None
        self.after = []

    def take(self, data):
        *lines, self.rest = (self.rest + data.decode("cp437")).split("\n")
        for line in lines:
            self.check(line.rstrip("\r"))

    def check(self, line):
        end = ENDS.match(line)
        if end:
            self.end = [int(number) for number in end.groups()]
        elif line.startswith(BEGINS) and self.end is None:
            self.started = True
            self.check_fire(line)
        elif self.started and self.end is None:
            raise Torn(f"in between: {line!r}")
        elif line.startswith(AFTER):
            self.after.append(line[len(AFTER):])

    def check_fire(self, line):
        found = LINE.match(line)
        if not found:
            raise Torn(f"nobody's: {line!r}")
        source, dots = found.group(1, 2), len(found[4])
        number = self.next.get(source, 0)
        if int(found[3]) != number or dots != number % self.width:
            raise Torn(f"not line {number} of {''.join(source)}: {line!r}")
        self.next[source] = number + 1

    def seen(self, kind):
        return sum(count for source, count in self.next.items()
                   if source[0] == kind)

    def finish(self):
        """What was printed, which must be all that was seen."""
        if self.end is None:
            raise Torn("no last line")
        threads, interrupts, nmis = self.end
        if (threads, interrupts) != (self.seen("t"), self.seen("c")):
            raise Torn(f"{threads} and {interrupts} were printed, {self.next} "
                       "seen")
        return Seen(threads, interrupts, nmis, dict(sorted(self.next.items())),
                    self.after)


def take_all(channel, lines):
    data, channel.data = channel.data, b""
    lines.take(data)


def run(directory, seconds, **machine):
    """Seen, NMIs injected, exit status"""
    injected = 0
    with boot(directory, f"fire={seconds}", **machine) as qemu:
        channels = [(qemu.serial, Lines()), (qemu.debugcon, Lines())]
        for channel, _ in channels:
            # Minutes of it would fill a disk.
            channel.record.close()
            channel.record = open(os.devnull, "wb", buffering=0)
        qemu.wait_text("^firstlight: ready$")
        heard = time.monotonic()
        while qemu.status is None and time.monotonic() < heard + SILENCE:
            if channels[0][1].started and channels[0][1].end is None:
                with contextlib.suppress(BrokenPipeError):  # it just ended
                    qemu.monitor.send("inject-nmi", {})
                    injected += 1
            step(qemu, channels)
            if any(channel.data for channel, _ in channels):
                heard = time.monotonic()
            for channel, lines in channels:
                take_all(channel, lines)
        seen = [lines.finish() for _, lines in channels]
        if seen[0] != seen[1]:
            raise Torn(f"COM1 says {seen[0]}, port E9h {seen[1]}")
        return seen[0], injected, qemu.status


def step(qemu, channels):
    """Take in what comes until the next NMI is due, or QEMU ends."""
    until = time.monotonic() + NMI_EVERY
    if not any(channel.open for channel, _ in channels):
        qemu.wait_end()
        return
    while time.monotonic() < until:
        try:
            qemu.pump(until)
        except GuestDied:  # and all that it has said is taken in
            return
        if not qemu.sources():
            return


def main():
    seconds, cpus = int(sys.argv[1]), (sys.argv[2:] or ["1"])[0]
    with folder() as directory:
        seen, injected, status = run(directory, seconds,
                                     extra=("-smp", cpus))
    print(f"{seconds} s on {cpus}: {seen.threads} lines from threads, "
          f"{seen.interrupts} from interrupts, {seen.nmis} NMIs, {injected} "
          "of them injected; none torn, none lost")
    print("\n".join(seen.after) + f"; status {status}")
    sys.exit(status != 33)


if __name__ == "__main__":
    main()
