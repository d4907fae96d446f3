"""One running v86: a 32-bit PC in JavaScript, under node.

It is an npm package, which `make v86` puts under build/. Its BIOS and VGA
BIOS are the distribution's. COM1 and port E9h arrive by pipes, the screen as
text: what v86's screen was told to draw.
"""

import json
import os
import pathlib
import subprocess

from .channel import Channel
from .emulator import Emulator
from .guard import Process
from .machine import FIRMWARE, megabytes
from .recipe import BUILD
from .screen import TextScreen

BINARY = os.environ.get("NODE", "node")
LIBRARY = BUILD / "v86/node_modules/v86/build/libv86.mjs"
SCRIPT = pathlib.Path(__file__).with_name("v86.mjs")

DRIVES = {"ide": "hda", "second": "hdb", "floppy": "fda", "cdrom": "cdrom"}
ORDER = {"hda": 0x312, "hdb": 0x312, "fda": 0x321, "cdrom": 0x213}
KEYS = {"ret": "28 156", "spc": "57 185"}
MAKES = {"shift": "42"}


def options(machine, image):
    """v86's options, with names of files where it wants their bytes."""
    drive = DRIVES[machine.bus]
    chosen = {"bios": FIRMWARE[machine.firmware or "seabios-128k"],
              "memory_size": megabytes(machine.memory) << 20,
              drive: str(image), "boot_order": ORDER[drive]}
    if machine.video != "none":
        chosen["vga_bios"] = FIRMWARE[machine.vgabios or "vga-seabios"]
    for extra in machine.extra:
        chosen.update(extra)
    return chosen


class Answers:
    """Lines of standard output."""

    def __init__(self, incoming):
        self.incoming = incoming
        self.data = b""
        self.lines = []
        self.open = True

    def fileno(self):
        return self.incoming

    def receive(self):
        piece = os.read(self.incoming, 65536)
        self.open = bool(piece)
        self.data += piece
        *lines, self.data = self.data.split(b"\n")
        self.lines += lines


class Com1(Channel):
    """What comes has a pipe, what goes is a command."""

    def __init__(self, record, incoming, command):
        super().__init__(record, incoming, incoming)
        self.command = command

    def send(self, data):
        self.command("com1 " + " ".join(map(str, data)))


class V86(Emulator):
    """Starts v86 for a Machine and its disk."""

    def __init__(self, machine, image, directory):
        super().__init__(directory)
        program = [BINARY, str(SCRIPT), str(LIBRARY)]
        chosen = json.dumps(options(machine, image))
        incoming, com1 = os.pipe()
        self.serial = Com1(f"{directory}/serial.txt", incoming, self.command)
        incoming, e9 = os.pipe()
        self.debugcon = Channel(f"{directory}/debugcon.txt", incoming,
                                incoming)
        with open(f"{directory}/v86.txt", "wb") as log:
            self.process = Process(
                [*program, str(com1), str(e9), chosen],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                pass_fds=[com1, e9])
        self.argv = [*program, "1", "2", chosen]  # for a terminal
        os.close(com1)
        os.close(e9)
        self.answers = Answers(self.process.stdout.fileno())

    def sources(self):
        return super().sources() + [self.answers] * self.answers.open

    def command(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def screen(self):
        self.command("screen")
        return TextScreen(json.loads(self.wait(
            lambda: self.answers.lines and self.answers.lines.pop(0))))

    def send_key(self, *keys):
        self.command("keys " + " ".join(KEYS[key] for key in keys))

    def hold(self, key):
        """Press a key and do not let go; to be repeated, as keyboards do."""
        self.command("keys " + MAKES[key])

    def was_reset(self):
        return False

    def stop(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.kill()
        self.process.wait()
        self.close_channels()
