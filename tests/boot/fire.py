"""Printing under fire: what a guest prints is checked as it comes.

    python3 tests/boot/fire.py SECONDS

runs it for so long, with NMIs all the time, and says what was seen.
"""

import contextlib
import os
import re
import sys
import time

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
ENDS = re.compile(r"fire: (\d+) lines from main, (\d+) from the timer, "
                  r"(\d+) NMIs$")


def width():
    header = (ROOT / "kernel/test/test.h").read_text()
    return int(re.search(r"#define FIRE_WIDTH (\d+)", header)[1])


class Torn(Exception):
    """A line that should not be there, or is missing."""


class Lines:
    """What one channel has said so far; each line is known in advance."""

    def __init__(self):
        self.width = width()
        self.rest = ""
        self.next = {"main": 0, "tick": 0}
        self.started = False
        self.end = None

    def take(self, data):
        *lines, self.rest = (self.rest + data.decode("cp437")).split("\n")
        for line in lines:
            self.check(line.rstrip("\r"))

    def check(self, line):
        end = ENDS.match(line)
        if end:
            self.end = [int(number) for number in end.groups()]
        elif line.startswith(BEGINS):
            self.started = True
            self.check_fire(line)
        elif self.started and self.end is None:
            raise Torn(f"in between: {line!r}")

    def check_fire(self, line):
        source = line[len(BEGINS):][:4]
        number = self.next.get(source)
        if number is None:
            raise Torn(f"nobody's: {line!r}")
        dots = "." * (number % self.width)
        if line != f"{BEGINS}{source} {number:08} {dots}|":
            raise Torn(f"not line {number} of {source}: {line!r}")
        self.next[source] = number + 1

    def finish(self):
        """(main, tick, NMIs), which must be all that was seen."""
        if self.end is None:
            raise Torn("no last line")
        main, tick, nmis = self.end
        if self.next != {"main": main, "tick": tick}:
            raise Torn(f"{main} and {tick} were printed, {self.next} seen")
        return main, tick, nmis


def take_all(channel, lines):
    data, channel.data = channel.data, b""
    lines.take(data)


def run(directory, seconds, **machine):
    """(main, tick, counted NMIs), NMIs injected, exit status, last screen"""
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
        counts = [lines.finish() for _, lines in channels]
        if counts[0] != counts[1]:
            raise Torn(f"COM1 says {counts[0]}, port E9h {counts[1]}")
        return counts[0], injected, qemu.status


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
    seconds = int(sys.argv[1])
    with folder() as directory:
        counts, injected, status = run(directory, seconds)
    print(f"{seconds} s: {counts[0]} lines from main, {counts[1]} from the "
          f"timer, {counts[2]} NMIs of {injected}; none torn, none lost; "
          f"status {status}")
    sys.exit(status != 33)


if __name__ == "__main__":
    main()
