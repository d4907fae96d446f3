"""One QEMU as the relay sees it: gdb's protocol, as its other end."""

import contextlib
import os
import re
import selectors
import socket
import subprocess

MACHINE = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "../machine.sh")
PATIENCE, MOST_TRIES = 2, 2  # seconds without a stop; times without progress
INTERRUPT = b"\x03"


class Ended(Exception):
    """One of both sides is gone."""


class Stalled(Exception):
    """A QEMU that replays does not go on. Another one does."""


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


def is_step(text):
    """Is it one of gdb's packets for one instruction?"""
    return re.match(r"vCont;[sS]|[sS]", text)


class Machine:
    """A QEMU, stopped. It is asked and told what gdb would ask and tell.

    gdb  the other side, which may interrupt it
    """

    def __init__(self, gdb, options, drive=None):
        self.gdb, self.replays, self.stalled = gdb, False, False
        self.interrupted = False  # by gdb, since it began to run
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

    def hear(self):
        """An answer, which does not take long."""
        if not self.replays:
            return self.side.receive()
        with selectors.DefaultSelector() as selector:
            selector.register(self.side.incoming, selectors.EVENT_READ)
            while True:
                text = self.side.next()
                if text is not None:
                    return text
                if not selector.select(MOST_TRIES * PATIENCE):
                    self.stall()
                self.side.fill()

    def stall(self):
        self.stalled = True
        raise Stalled

    def ask(self, text):
        """The answer to a packet that does not make the guest run."""
        self.side.send(text)
        return self.hear()

    def monitor(self, command):
        """What QEMU's monitor says."""
        self.side.send("qRcmd," + command.encode().hex())
        said = ""
        while True:
            answer = self.hear()
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
        stop = self.replay("c")
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

    def run(self, how, patience=None):
        """Until it stops; why. how: "c", or "s" for one instruction, or gdb's
        packet. All that gdb can do meanwhile is interrupt it. None: it has not
        stopped within `patience` seconds."""
        self.interrupted = False
        self.side.send(how)
        return self.wait_stop(patience)

    def pause(self):
        """Stop it for a moment; why it stopped, None if for that alone."""
        self.side.write(INTERRUPT)
        stop = self.wait_stop(None)
        alone = stop.startswith("T02") and not self.interrupted
        return None if alone else stop

    def wait_stop(self, patience):
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
                    self.interrupted = True
                    self.side.write(INTERRUPT)
                else:
                    ready = selector.select(patience)
                    if not ready:
                        return None
                    for key, _ in ready:
                        key.data.fill()

    def replay(self, how):
        """The same while QEMU replays. On a busy host it sometimes gets stuck
        then, for good: Stalled."""
        before, tries = self.count(), 0
        while True:
            stop = self.run(how, PATIENCE)
            if stop is not None:
                return stop
            self.side.write(INTERRUPT)
            stop = self.wait_stop(PATIENCE)
            if stop and not stop.startswith("T02"):
                return stop  # it had stopped meanwhile
            now = self.count() if stop else before
            if now != before and is_step(how):
                return self.ask("?")
            tries = tries + 1 if now == before else 0
            if tries == MOST_TRIES or not stop:
                self.stall()
            before = now

    def end(self):
        with contextlib.suppress(Ended):
            if self.stalled:
                self.process.kill()
            else:
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
