"""One running QEMU.

COM1 and port 0xE9 arrive by pipes, QMP by a socket, so that every wait is
for an event. Time-outs exist only to notice that the guest hangs.
"""

import json
import os
import socket
import subprocess

from . import coverage
from .channel import Channel, fifo_pair
from .emulator import Emulator, GuestDied
from .guard import Process
from .machine import value
from .screen import Screen

BINARY = os.environ.get("QEMU", "qemu-system-x86_64")

# QMP's names (QKeyCode) for keys that are not named by their character.
KEY_NAMES = {" ": "spc", "\n": "ret", "-": "minus", "=": "equal",
             ".": "dot", ",": "comma", "/": "slash", ";": "semicolon",
             "'": "apostrophe", "\t": "tab", "\b": "backspace"}
SHIFTED = {"+": "=", "_": "-", "?": "/"}


class Monitor:
    """The QMP connection: commands, answers, events."""

    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.data = b""
        self.events = []
        self.answers = []
        self.open = True

    def fileno(self):
        return self.ours.fileno()

    def receive(self):
        try:
            piece = self.ours.recv(65536)
        except ConnectionResetError:
            piece = b""
        self.open = bool(piece)
        self.data += piece
        *lines, self.data = self.data.split(b"\n")
        for message in map(json.loads, lines):
            if "event" in message:
                self.events.append(message)
            elif "QMP" not in message:
                self.answers.append(message)

    def send(self, command, arguments):
        request = {"execute": command, "arguments": arguments}
        self.ours.sendall(json.dumps(request).encode())


class Qemu(Emulator):
    """Starts QEMU.

    argv  arguments after the binary, from machine.py; "chardev:com1" and
          "chardev=e9" name our ends of the channels; with "-S" the CPU waits
          for a debugger

    The CPU starts once QMP answers: on a busy host, a guest that ends at once
    would end before.
    """

    def __init__(self, argv, directory):
        super().__init__(directory)
        self.monitor = Monitor()
        self.debuggers = []
        self.recorder = coverage.recorder(BINARY)
        theirs = self.monitor.theirs.fileno()
        self.argv = [BINARY, "-S", *argv, *self.recorder.arguments,
                     "-mon", "chardev=qmp,mode=control",
                     "-chardev", f"socket,id=qmp,fd={theirs}"]
        self.serial = self.channel("com1", "serial.txt")
        self.debugcon = self.channel("e9", "debugcon.txt")
        with open(f"{directory}/qemu.txt", "wb") as log:
            # What QEMU leaves when it is killed lies in the directory, too.
            self.process = Process(
                self.argv, stdin=subprocess.DEVNULL, stdout=log,
                env={**os.environ, "TMPDIR": str(directory)},
                stderr=subprocess.STDOUT,
                pass_fds=[theirs, *self.recorder.pipes])
        self.recorder.started()
        self.monitor.theirs.close()
        try:
            self.qmp("qmp_capabilities")
            if "-S" not in argv:
                self.qmp("cont")
        except BaseException:
            self.stop()
            raise

    def channel(self, name, record):
        path = f"{self.directory}/{name}"
        self.argv += ["-chardev", f"pipe,id={name},path={value(path)}"]
        return Channel(f"{self.directory}/{record}", *fifo_pair(path))

    def sources(self):
        return super().sources() + [self.monitor] * self.monitor.open + [
            debugger for debugger in self.debuggers if debugger.open]

    def pump(self, deadline):
        # Pipes that QEMU did not live to open bring no news of its end.
        if not self.monitor.open:
            for channel in super().sources():
                channel.receive()
        return super().pump(deadline)

    def qmp(self, command, **arguments):
        """Do a QMP command; its return value. RuntimeError: QEMU refused."""
        try:
            self.monitor.send(command, arguments)
        except OSError:
            self.wait_end()
            raise GuestDied(f"ended with status {self.status}") from None
        answer = self.wait(lambda: self.monitor.answers and
                           self.monitor.answers.pop(0))
        if "error" in answer:
            raise RuntimeError(answer["error"]["desc"])
        return answer["return"]

    def screen(self):
        path = f"{self.directory}/screen.ppm"
        try:
            self.qmp("screendump", filename=path)
        except RuntimeError:
            return None
        return Screen.from_ppm(path)

    def send_key(self, *keys):
        """Press keys together, by QMP's names: send_key("shift", "a")."""
        self.qmp("send-key", keys=[{"type": "qcode", "data": key}
                                   for key in keys])

    def hold(self, key):
        """Press a key and do not let go; to be repeated, as keyboards do."""
        self.qmp("input-send-event", events=[
            {"type": "key", "data": {
                "down": True, "key": {"type": "qcode", "data": key}}}])

    def type(self, text):
        for char in text:
            plain = SHIFTED.get(char, char.lower())
            self.send_key(*(["shift"] if plain != char else []),
                          KEY_NAMES.get(plain, plain))

    def inject_nmi(self):
        self.qmp("inject-nmi")

    def was_reset(self):
        """Did the guest reset itself, as by a triple fault?"""
        return any(event["event"] in ("RESET", "SHUTDOWN") and
                   event["data"].get("reason") == "guest-reset"
                   for event in self.monitor.events)

    def stop(self):
        if self.process.poll() is None:
            try:
                self.monitor.send("quit", {})
                self.process.wait(5)
            except (OSError, subprocess.TimeoutExpired):
                self.process.kill()
        self.process.wait()
        self.recorder.finish()
        while self.monitor.open:
            self.monitor.receive()
        self.monitor.ours.close()
        self.close_channels()
