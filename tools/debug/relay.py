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

import os
import shutil
import socket
import sys

from machine import INTERRUPT, Ended, Machine, Side, Stalled, is_step
from recordings import Past

NOT_RECORDED = ("-icount", "-accel", "-enable-kvm", "-loadvm", "kvm", "hvf",
                "-machine")
POINT_EVERY = 10  # seconds that the guest runs


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
            # gdb may let the machine go, too (D): who else would have it?
            if text == "k" or text.startswith(("vKill", "D")):
                self.gdb.send("OK")
                return
            try:
                self.answer(text)
            except Stalled:
                # Another one, from where this one stopped last.
                self.past.go_to(self.past.known)
                self.machine.insert(self.inserted)
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
        answer = self.machine.ask(text)
        while text.startswith("qRcmd") and answer.startswith("O") \
                and answer != "OK":
            self.gdb.send(answer)
            answer = self.machine.hear()
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
        step = is_step(text)
        while True:
            if not past or past.live:
                stop = self.run_live(text)
                if past and not step and stop[0] not in "WX":
                    past.remember()
                return stop
            if not step:
                self.machine.monitor(f"replay_break {past.current.end}")
            stop = self.machine.replay(text)
            if stop[0] in "WX":
                return stop
            past.known = self.machine.count()
            if past.known < past.current.end:
                if not step:
                    self.machine.monitor("replay_delete_break")
                return stop
            past.next()
            if step:
                return self.arrived()
            self.machine.insert(self.inserted)
            if not stop.startswith("T02"):
                return stop  # a breakpoint's

    def run_live(self, text):
        """The same for what is new. A point now and then: what a guest waits
        for comes again only after as long a wait."""
        if not self.past or is_step(text):
            return self.machine.run(text)
        while True:
            stop = self.machine.run(text, POINT_EVERY) or self.machine.pause()
            if stop:
                return stop
            self.past.remember(apart=1)

    # ---- Back ---------------------------------------------------------------

    def back(self):
        """A number of instructions, or to a write; the stop reply."""
        what, *numbers = self.going_back.split()
        self.going_back, self.changed = "back 1", False
        now = self.machine.count()
        if what == "written":
            address, size = numbers
            found = self.past.last_writer(int(address, 16), int(size, 16), now)
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
    except (Ended, Stalled):
        pass
    finally:
        if relay:
            relay.machine.end()


if __name__ == "__main__":
    main()
