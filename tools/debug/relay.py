#!/usr/bin/env python3
"""Stand between gdb and QEMU, so that a boot can go back.

    relay.py IMAGE [QEMU-OPTION]...

gdb starts it and speaks with it by its standard input and output, or comes to
the port LISTEN of this machine (0: a free one, which is printed). QEMU records
what comes to the guest from outside. To go back, the relay ends it and has
another QEMU do the same again up to an earlier instruction; whoever comes
forward again to where that QEMU ended goes on from a snapshot made there,
which is recorded anew. So a boot is a row of recordings:

    power-on --recording 0--> went back here --recording 1--> ... --> now

What gdb changes is in no recording: the next one begins with it. Nothing can be
changed in the past.

To gdb all of it is one machine with two more abilities, reverse-stepi and
reverse-continue, and with some monitor commands, see COMMANDS. Instructions are
counted from power-on.

Environment: as for machine.sh; SCRATCH, a folder for recordings; SERIAL, the
file for what the guest writes to COM1. Without qemu-img, or with QEMU_FLAGS
that no recording goes with, it only passes on what both say.
"""

import contextlib
import os
import re
import selectors
import shutil
import socket
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
MACHINE = os.path.join(HERE, "..", "machine.sh")
# One instruction is 8 ns of the guest's time: about what QEMU does.
SHIFT = 3
NOT_RECORDED = ("-icount", "-accel", "-enable-kvm", "-loadvm", "kvm", "hvf",
                "-machine")
# How far before the end to look first for the last stop, then farther.
STRETCHES = (1000, 30_000, 1_000_000, 30_000_000)
MOST_STOPS = 200_000
INTERRUPT = b"\x03"


class Ended(Exception):
    """One of both sides is gone."""


# ---- The protocol (gdb's manual, "Remote Serial Protocol") -----


def packet(text):
    body = text.encode("latin-1")
    return b"$" + body + b"#%02x" % (sum(body) & 0xFF)


class Side:
    """One end of a connection: packets in order, acknowledged."""

    def __init__(self, incoming, outgoing):
        self.incoming, self.outgoing = incoming, outgoing
        self.bytes = b""

    def send(self, text):
        self.write(packet(text))

    def write(self, data):
        try:
            while data:
                data = data[os.write(self.outgoing, data):]
        except OSError as error:
            raise Ended from error

    def fill(self):
        try:
            more = os.read(self.incoming, 65536)
        except OSError as error:
            raise Ended from error
        if not more:
            raise Ended
        self.bytes += more

    def next(self):
        """A packet's text, INTERRUPT, or None: none is whole yet."""
        self.bytes = self.bytes.lstrip(b"+-")
        if self.bytes[:1] == INTERRUPT:
            self.bytes = self.bytes[1:]
            return INTERRUPT
        end = self.bytes.find(b"#")
        if end < 0 or len(self.bytes) < end + 3:
            return None
        text = self.bytes[self.bytes.index(b"$") + 1:end]
        self.bytes = self.bytes[end + 3:]
        self.write(b"+")
        return text.decode("latin-1")

    def receive(self):
        while True:
            text = self.next()
            if text is not None:
                return text
            self.fill()


# ---- One QEMU -----


class Machine:
    """A QEMU, stopped. It is asked and told what gdb would ask and tell.

    gdb  the other side, which may interrupt it
    """

    def __init__(self, gdb, options, drive=None):
        self.gdb = gdb
        ours, theirs = socket.socketpair()
        arguments = ["sh", MACHINE, *options, "-chardev",
                     f"socket,id=gdb,fd={theirs.fileno()}",
                     "-gdb", "chardev:gdb"]
        environment = dict(os.environ)
        if drive:
            environment["DRIVE"] = drive
        self.process = subprocess.Popen(
            arguments, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
            start_new_session=True)
        theirs.close()
        self.socket = ours
        self.side = Side(ours.fileno(), ours.fileno())

    def ask(self, text):
        """The answer to a packet that does not make the guest run."""
        self.side.send(text)
        return self.side.receive()

    def monitor(self, command):
        """What QEMU's monitor says."""
        self.side.send("qRcmd," + command.encode().hex())
        said = ""
        while True:
            answer = self.side.receive()
            if answer == "OK" or answer[:1] != "O":
                return said
            said += bytes.fromhex(answer[1:]).decode(errors="replace")

    def count(self):
        """Instructions since power-on."""
        return int(self.monitor("info replay").rsplit(None, 1)[-1])

    def forward_to(self, count):
        """Replay up to an instruction; breakpoints may stop it before."""
        if count <= self.count():
            return None
        self.monitor(f"replay_break {count}")
        stop = self.run("c")
        self.monitor("replay_delete_break")
        return stop

    def greet(self, packets):
        """What gdb said to the first machine decides how they speak."""
        for text in packets:
            self.ask(text)

    def insert(self, breakpoints):
        for text in breakpoints:
            self.ask(text)

    def remove(self, breakpoints):
        for text in breakpoints:
            self.ask("z" + text[1:])

    def run(self, how):
        """Until it stops; why. how: "c", or "s" for one instruction, or gdb's
        packet. All that gdb can do meanwhile is interrupt it."""
        self.side.send(how)
        with selectors.DefaultSelector() as selector:
            for side in (self.gdb, self.side):
                selector.register(side.incoming, selectors.EVENT_READ, side)
            while True:
                said = self.side.next()
                if said is not None and said[0] != "O":
                    return said
                if said is not None:
                    self.gdb.send(said)
                elif self.gdb.next() == INTERRUPT:
                    self.side.write(INTERRUPT)
                else:
                    for key, _ in selector.select():
                        key.data.fill()

    def end(self):
        with contextlib.suppress(Ended):
            self.monitor("quit")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.socket.close()
        guard = os.environ.get("GUARD")
        if guard:
            with contextlib.suppress(OSError), open(guard, "w",
                                                    encoding="ascii") as pipe:
                pipe.write(f"ended {self.process.pid}\n")


# ---- Recordings -----


class Recording:
    """From one instruction to another: a snapshot, and what came from outside.

    start, end   instructions since power-on; end is None for the last one
    written      bytes that were on COM1 at its start
    """

    def __init__(self, number, start, written):
        self.number, self.start, self.written = number, start, written
        self.end = None


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
        self.recordings = [Recording(0, 0, 0)]
        self.current = self.recordings[0]
        self.machine = self.launch(self.current, "record")

    @property
    def live(self):
        """Not again: what comes next is not known yet."""
        return self.current.end is None

    def launch(self, recording, how):
        number = recording.number
        log = os.path.join(self.scratch, f"recording-{number}")
        more = ["-icount", f"shift={SHIFT},rr={how},rrfile={log},"
                f"rrsnapshot=start{number}"]
        if how == "record" and number:
            more += ["-loadvm", f"live{number}"]
        # COM1's file goes on where it was at the start.
        with open(os.environ["SERIAL"], "ab") as serial:
            serial.truncate(recording.written)
        return Machine(self.gdb, [*self.options, *more], self.disk)

    def stop_recording(self):
        """The guest's life may go on from here later."""
        number = len(self.recordings)
        self.current.end = self.machine.count()
        self.machine.monitor(f"savevm live{number}")
        self.recordings.append(Recording(
            number, self.current.end, os.path.getsize(os.environ["SERIAL"])))

    def begin(self, recording):
        """The machine at a recording's start; the last one is made anew."""
        if self.live:
            self.stop_recording()
        self.machine.end()
        self.current = recording
        last = recording.number == len(self.recordings) - 1
        self.machine = self.launch(recording, "record" if last else "replay")
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
        self.begin(max((one for one in self.recordings if one.start <= count),
                       key=lambda one: one.number))
        self.machine.forward_to(count)

    def last_stop(self, breakpoints, end):
        """(count, stop reply) of the last time before an instruction that
        breakpoints or watchpoints stopped the machine, or None."""
        if self.live:
            self.stop_recording()
        for recording in reversed(self.recordings[:-1]):
            limit = min(end, recording.end)
            for stretch in STRETCHES:
                if recording.start >= limit:
                    break
                first = max(recording.start, limit - stretch)
                self.begin(recording)
                self.machine.forward_to(first)
                found = self.stop_before(limit, breakpoints)
                if found:
                    return found
                if first == recording.start:
                    break
        return None

    def stop_before(self, limit, breakpoints):
        """The same, from where the machine is; its last stop is forgotten."""
        points = [one for one in breakpoints if one[1] in "01"]
        machine, found = self.machine, None
        machine.monitor(f"replay_break {limit}")
        machine.insert(breakpoints)
        for _ in range(MOST_STOPS):
            stop = machine.run("c")
            count = machine.count()
            if count >= limit and "watch" not in stop:
                break
            if stop.startswith("T02"):
                break  # gdb interrupts
            found = count, stop
            if count >= limit:
                break
            if "watch" not in stop:
                # It would stop here again: one step without breakpoints.
                machine.remove(points)
                stop = machine.run("s")
                machine.insert(points)
                if "watch" in stop:
                    found = machine.count(), stop
        return found


# ---- What gdb asks -----


class Relay:
    """Passes on what both sides say, but for what only it can do."""

    def __init__(self, gdb, options, scratch):
        self.gdb = gdb
        self.past = self.machine_alone = None
        self.reason = no_recording()
        if self.reason:
            self.machine_alone = Machine(gdb, options)
        else:
            self.past = Past(gdb, options, scratch)
        self.inserted = []  # breakpoints, as gdb's packets
        self.changed = False  # registers or memory, by gdb
        self.going_back = "back 1"  # what the next "bs" does
        self.news = ""  # of the last one

    @property
    def machine(self):
        return self.past.machine if self.past else self.machine_alone

    def serve(self):
        while True:
            text = self.gdb.receive()
            if text == INTERRUPT:
                continue  # it is stopped
            if text == "k" or text.startswith("vKill"):
                self.gdb.send("OK")
                return
            self.answer(text)

    def answer(self, text):
        words = monitor_words(text)
        if words[:1] == ["firstlight"]:
            said = self.command(words[1:])
            if said:
                self.gdb.send("O" + said.encode().hex())
            self.gdb.send("OK")
        elif text in ("bs", "bc") and self.past:
            self.gdb.send(self.back() if text == "bs" else self.back_to_stop())
        elif text[0] in "csCS" or text.startswith("vCont;"):
            self.gdb.send(self.run(text))
        else:
            self.pass_on(text)

    def pass_on(self, text):
        """A question that the machine answers."""
        if text[0] == "X":  # as QEMU says: gdb takes M, then
            self.gdb.send("")
            return
        if text[0] in "GPM" and self.past:
            if not self.past.live:
                self.gdb.send("E.The past cannot be changed: go forward first")
                return
            self.changed = True
        self.machine.side.send(text)
        answer = self.machine.side.receive()
        while text.startswith("qRcmd") and answer.startswith("O") \
                and answer != "OK":
            self.gdb.send(answer)
            answer = self.machine.side.receive()
        if text.startswith("qSupported") and self.past:
            answer += ";ReverseStep+;ReverseContinue+"
        if self.past and text.startswith(("qSupported", "qXfer:features")):
            self.past.greeting.append(text)
        if text[0] == "Z" and answer == "OK":
            self.inserted.append(text)
        if text[0] == "z" and "Z" + text[1:] in self.inserted:
            self.inserted.remove("Z" + text[1:])
        self.gdb.send(answer)

    # ---- Forward ------------------------------------------------------------

    def run(self, text):
        """Until the machine stops; the stop reply."""
        past = self.past
        if self.changed:
            self.changed = False
            past.part()
            self.machine.insert(self.inserted)
        while True:
            if past and not past.live:
                self.machine.monitor(f"replay_break {past.current.end}")
            stop = self.machine.run(text)
            if not past or past.live or stop[0] in "WX":
                return stop
            if self.machine.count() < past.current.end:
                self.machine.monitor("replay_delete_break")
                return stop
            past.next()
            if re.match(r"vCont;[sS]|[sS]", text):
                return self.arrived()
            self.machine.insert(self.inserted)
            if not stop.startswith("T02"):
                return stop  # a breakpoint's

    # ---- Back ---------------------------------------------------------------

    def back(self):
        """A number of instructions, or to a write; the stop reply."""
        what, *numbers = self.going_back.split()
        self.going_back, self.changed = "back 1", False
        now = self.machine.count()
        if what == "written":
            address, size = numbers
            found = self.past.last_stop([f"Z2,{address},{size}"], now)
            if not found:
                self.past.go_to(now)
                self.news = "Nobody has written there since power-on.\n"
            else:
                self.past.go_to(found[0] - 1)
        else:
            self.past.go_to(max(0, now - int(numbers[0])))
        return self.arrived()

    def back_to_stop(self):
        """To the last breakpoint or change of what is watched."""
        self.changed = False
        now = self.machine.count()
        found = self.past.last_stop(self.inserted, now)
        if not found:
            self.past.go_to(0)
            self.machine.insert(self.inserted)
            return "T05replaylog:begin;"
        count, stop = found
        self.past.go_to(count - 1 if "watch" in stop else count)
        self.machine.insert(self.inserted)
        return stop

    def arrived(self):
        stop = self.machine.ask("?")
        self.machine.insert(self.inserted)
        return stop

    # ---- monitor firstlight ... ----------------------------------------------

    def command(self, words):
        """COMMANDS: now; back N; written ADDRESS SIZE (both hexadecimal): what
        the next reverse-stepi does."""
        if not self.past:
            return f"No way back: {self.reason}.\n"
        if words[:1] == ["now"]:
            end = self.past.recordings[-1].start
            news, self.news = self.news, ""
            return (f"{news}instruction {self.machine.count()}" +
                    ("\n" if self.past.live else
                     f"; you went back at {end}\n"))
        self.going_back = " ".join(words)
        return ""


def monitor_words(text):
    """The words of a monitor command, [] for other packets."""
    if not text.startswith("qRcmd,"):
        return []
    return bytes.fromhex(text[6:]).decode(errors="replace").split()


def no_recording():
    """Why there can be no recording, or ""."""
    if not shutil.which("qemu-img"):
        return "there is no qemu-img; sh tools/setup.sh installs it"
    for word in os.environ.get("QEMU_FLAGS", "").split():
        if word.split(",")[0] in NOT_RECORDED:
            return f"with {word} nothing is recorded"
    return ""


def gdb_side():
    port = os.environ.get("LISTEN")
    if not port:
        return Side(sys.stdin.fileno(), sys.stdout.fileno())
    with socket.create_server(("localhost", int(port))) as server:
        print(f"Waiting for gdb: target remote localhost:"
              f"{server.getsockname()[1]}", flush=True)
        connection, _ = server.accept()
    descriptor = connection.detach()
    return Side(descriptor, descriptor)


def main():
    if len(sys.argv) < 2 or sys.argv[1] == "--help":
        sys.exit("usage: relay.py IMAGE [QEMU-OPTION]... (gdb starts it)")
    relay = None
    try:
        gdb = gdb_side()
        relay = Relay(gdb, sys.argv[1:], os.environ["SCRATCH"])
        relay.serve()
    except Ended:
        pass
    finally:
        if relay:
            relay.machine.end()


if __name__ == "__main__":
    main()
