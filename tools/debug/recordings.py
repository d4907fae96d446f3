"""The recordings that a boot is a row of, and the QEMU that does one of them.

Snapshots, and what lies between, are counted in instructions since power-on.
"""

import contextlib
import os
import re
import subprocess

from machine import Ended, Machine, Stalled

# One instruction is 8 ns of the guest's time: about what QEMU does.
SHIFT = 3
# Where there are many stops: how far before the end to look first for the last
# one, then farther.
STRETCHES = (1000, 30_000, 1_000_000, 30_000_000)
FEW_STOPS, MOST_STOPS = 100, 200_000
LARGEST_STORE = 8  # bytes: QEMU does larger ones in parts
MOST_STALLS = 5  # in a row
MOST_POINTS = 48  # of one recording: each is as large as what the guest uses
APART = 300_000  # instructions, at least, from one snapshot to the next


def again(act):
    """act(), with another QEMU where one stalls."""
    for _ in range(MOST_STALLS):
        with contextlib.suppress(Stalled):
            return act()
    raise Ended


class Recording:
    """From one instruction to another: a snapshot, and what came from outside.

    start, end   instructions since power-on; end is None for the last one
    points       where it can be done again from: (instruction, snapshot, bytes
                 that were on COM1 then), its start the first
    """

    def __init__(self, number, start, written):
        self.number, self.start, self.end = number, start, None
        self.points = [(start, f"start{number}", written)]

    def point(self, count):
        """The last one before an instruction, or at it."""
        return max(one for one in self.points if one[0] <= count)


class Past:
    """All recordings of one boot, and the machine that does one of them."""

    def __init__(self, gdb, options, scratch):
        self.gdb = gdb
        self.options = options
        self.scratch = scratch
        self.disk = os.path.join(scratch, "disk.qcow2")
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b",
                        os.path.abspath(options[0]), "-F", "raw", self.disk],
                       check=True, stdout=subprocess.DEVNULL)
        self.greeting = []  # what gdb said first
        self.points_made = 0
        self.decoy = None  # a watchpoint whose stops mean nothing
        self.known = 0  # where the machine stopped last, while it replays
        self.recordings = [Recording(0, 0, 0)]
        self.current = self.recordings[0]
        self.machine = self.launch(self.current, "record")

    @property
    def live(self):
        """Not again: what comes next is not known yet."""
        return self.current.end is None

    def launch(self, recording, how, count=0):
        """At the start, or to replay at the last point before `count`."""
        number = recording.number
        _, snapshot, written = recording.point(max(count, recording.start))
        log = os.path.join(self.scratch, f"recording-{number}")
        more = ["-icount", f"shift={SHIFT},rr={how},rrfile={log},"
                f"rrsnapshot={snapshot}"]
        if how == "record" and number:
            more += ["-loadvm", f"live{number}"]
        # COM1's file goes on where it was then.
        with open(os.environ["SERIAL"], "ab") as serial:
            serial.truncate(written)
        return Machine(self.gdb, [*self.options, *more], self.disk)

    def stop_recording(self):
        """The guest's life may go on from here later."""
        number = len(self.recordings)
        self.current.end = self.machine.count()
        self.machine.monitor(f"savevm live{number}")
        self.recordings.append(Recording(
            number, self.current.end, os.path.getsize(os.environ["SERIAL"])))

    def remember(self, apart=APART):
        """The live machine has stopped: a point, if the last one is far."""
        recording, count = self.current, self.machine.count()
        if count - recording.points[-1][0] >= apart:
            name = f"point{self.points_made}"
            if self.machine.monitor(f"savevm {name}").strip():
                return  # not at this moment
            recording.points.append(
                (count, name, os.path.getsize(os.environ["SERIAL"])))
            self.points_made += 1
        if len(recording.points) > MOST_POINTS:
            for _, name, _ in recording.points[1::2]:
                self.machine.monitor(f"delvm {name}")
            del recording.points[1::2]

    def begin(self, recording, count=0):
        """The machine at a recording's start, or at a point before `count`; the
        last one is made anew."""
        if self.live:
            self.stop_recording()
        self.machine.end()
        self.current = recording
        last = recording.number == len(self.recordings) - 1
        if last:
            self.machine = self.launch(recording, "record")
        else:
            self.machine = self.launch(recording, "replay", count)
            self.machine.replays = True
        self.machine.greet(self.greeting)

    def next(self):
        """From a recording's end to the next one's start: the same moment."""
        self.begin(self.recordings[self.current.number + 1])

    def part(self):
        """A new recording, of the same moment: gdb has changed something, which
        none holds. A snapshot that QEMU makes while it replays begins no
        recording that could be replayed: so this is for the live machine."""
        self.stop_recording()
        self.begin(self.recordings[-1])

    def go_to(self, count):
        """To an instruction of the past, without stops on the way."""
        if self.live:
            self.stop_recording()
        recording = max((one for one in self.recordings if one.start <= count),
                        key=lambda one: one.number)

        def arrive():
            self.begin(recording, count)
            self.machine.forward_to(count)

        again(arrive)
        self.known = count

    def last_stop(self, breakpoints, end):
        """(count, stop reply) of the last time before an instruction that
        breakpoints or watchpoints stopped the machine, or None."""
        if self.live:
            self.stop_recording()
        for recording in reversed(self.recordings[:-1]):
            limit = min(end, recording.end)
            starts = [one for one, _, _ in recording.points if one < limit]
            many = 1  # points at once: 1, 2, 4...
            while starts:
                start = starts[-many:][0]
                found = self.last_between(recording, start, limit, breakpoints)
                if found:
                    return found
                limit = start
                del starts[-many:]
                many *= 2
        return None

    def last_writer(self, address, size, end):
        """The same for writes.

        QEMU 7.2 takes a store to an odd address for one that begins where its
        page does. One that ends farther on than a store to `address` can is
        found by a second watchpoint there, which QEMU looks at first."""
        self.decoy = address + size + LARGEST_STORE - 1
        try:
            return self.last_stop([f"Z2,{address:x},{size:x}",
                                   f"Z2,{self.decoy:x},1"], end)
        finally:
            self.decoy = None

    def is_decoy(self, stop):
        hit = re.search(r"watch:([0-9a-f]+);", stop)
        return bool(hit) and int(hit[1], 16) == self.decoy

    def last_between(self, recording, start, limit, breakpoints):
        """The same between a point and a later instruction. In one go: each
        takes as long as the guest did. Only many stops take longer."""
        searches = [(start, FEW_STOPS)] + [
            (max(start, limit - stretch), MOST_STOPS)
            for stretch in (*STRETCHES, limit)]
        for first, most in searches:

            def search():
                self.begin(recording, first)
                self.machine.forward_to(first)
                return self.stop_before(limit, breakpoints, most)

            found, is_last = again(search)
            if is_last and (found or first == start):
                return found
            if most == MOST_STOPS and found:
                return found
        return None

    def stop_before(self, limit, breakpoints, most):
        """The same, from where the machine is, and whether it is the last one:
        not if there are more than `most`."""
        points = [one for one in breakpoints if one[1] in "01"]
        machine, found = self.machine, None
        machine.monitor(f"replay_break {limit}")
        machine.insert(breakpoints)
        for _ in range(most):
            stop = machine.replay("c")
            count = machine.count()
            if count >= limit and "watch" not in stop:
                return found, True
            if stop.startswith("T02"):
                return found, True  # gdb interrupts
            if not self.is_decoy(stop):
                found = count, stop
            if count >= limit:
                return found, True
            if "watch" not in stop:
                # It would stop here again: one step without breakpoints.
                machine.remove(points)
                stop = machine.replay("s")
                machine.insert(points)
                if "watch" in stop and not self.is_decoy(stop):
                    found = machine.count(), stop
        return found, False
