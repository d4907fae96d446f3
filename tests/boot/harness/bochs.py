"""One running Bochs: its own BIOS, VGA BIOS, disk and keyboard code.

COM1 arrives by a socket, port E9h with Bochs's own words on its standard
output, the screen by RFB. A Bochs with or without its debugger will do.
"""

import os
import pathlib
import pty
import re
import select
import socket
import subprocess
import time
import tty

from .channel import Channel
from .emulator import HANG, POLL, Emulator, GuestDied, Hang
from .guard import Process
from .machine import FIRMWARE, megabytes
from .rfb import Rfb
from .screen import COLUMNS, HEIGHT, ROWS, Screen

BINARY = os.environ.get("BOCHS", "bochs")
SECTOR = 512
RETURN = 0xFF0D  # X11's XK_Return
HELD = {"shift": 0xFFE1}  # XK_Shift_L

CONFIGURATION = """\
display_library: rfb, options="timeout=0"
romimage: file="{bios}"
vgaromimage: file="{vgabios}"
cpu: model={cpu}, ips=4000000, reset_on_triple_fault=0
megs: {megabytes}
{disk}
com1: enabled=1, {com1}
port_e9_hack: enabled=1
log: "{directory}/bochs.txt"
sound: driver=dummy
speaker: enabled=0
vga: extension=vbe, update_freq=20, realtime=0
panic: action=fatal
{extra}
"""

HARD_DISK = """\
ata0-master: type=disk, path="{image}", mode=flat, cylinders={cylinders}, \
heads={heads}, spt={sectors}
boot: disk"""
SECOND = HARD_DISK.replace("ata0-master", "ata0-slave")
FLOPPY = """\
floppya: 1_44="{image}", status=inserted
boot: floppy"""
CDROM = """\
ata0-master: type=cdrom, path="{image}", status=inserted
boot: cdrom"""


def disk_lines(machine, image):
    if machine.bus == "floppy":
        return FLOPPY.format(image=image)
    if machine.bus == "cdrom":
        return CDROM.format(image=image)
    heads, sectors = 16, 63
    size = pathlib.Path(image).stat().st_size // SECTOR
    cylinders = -(-size // (heads * sectors))
    # Bochs refuses images shorter than their geometry.
    with open(image, "ab") as file:
        file.truncate(cylinders * heads * sectors * SECTOR)
    lines = SECOND if machine.bus == "second" else HARD_DISK
    return lines.format(image=image, cylinders=cylinders, heads=heads,
                        sectors=sectors)


class Bochs(Emulator):
    """Starts Bochs for a Machine and its disk."""

    def __init__(self, machine, image, directory):
        super().__init__(directory)
        self.rfb = None
        connection = self.boot(machine, image)
        os.set_blocking(connection, False)
        self.serial = Channel(f"{directory}/serial.txt", connection,
                              connection)

    def boot(self, machine, image):
        """Start it; our end of its COM1."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            self.configure(machine, image,
                           f"mode=socket-client, dev=localhost:{port}")
            self.start()
            try:
                return self.accept(server).detach()
            except BaseException:
                self.stop()
                raise

    def accept(self, server):
        """Bochs's connection to COM1; or its death, if that comes first."""
        self.wait(lambda: select.select([server], [], [], 0)[0], poll=POLL,
                  what="Bochs never connected its COM1")
        return server.accept()[0]

    def configure(self, machine, image, com1):
        text = CONFIGURATION.format(
            bios=FIRMWARE[machine.firmware or "bochs"],
            vgabios=FIRMWARE[machine.vgabios or "vga-bochs"],
            cpu=machine.cpu, com1=com1, megabytes=megabytes(machine.memory),
            disk=disk_lines(machine, image), directory=self.directory,
            extra="\n".join(machine.extra))
        (pathlib.Path(self.directory) / "bochsrc").write_text(text)
        # A Bochs with debugger stops at the first instruction: go on.
        (pathlib.Path(self.directory) / "bochs.go").write_text("c\n")

    def start(self):
        self.argv = [BINARY, "-q", "-unlock",
                     "-f", f"{self.directory}/bochsrc",
                     "-rc", f"{self.directory}/bochs.go"]
        incoming, theirs = os.pipe()
        self.debugcon = Channel(f"{self.directory}/debugcon.txt", incoming,
                                incoming)
        # Python ignores SIGPIPE, and leaves it so: else Bochs would die when
        # it writes to an RFB connection that was closed.
        self.process = Process(
            self.argv, stdin=subprocess.DEVNULL, restore_signals=False,
            stdout=theirs, stderr=subprocess.STDOUT)
        os.close(theirs)

    def log(self):
        path = pathlib.Path(self.directory) / "bochs.txt"
        return path.read_text(errors="replace") if path.exists() else ""

    def sources(self):
        rfb = [self.rfb] if self.rfb and self.rfb.open else []
        return super().sources() + rfb

    def connect(self):
        """The RFB client, or None: Bochs does not listen yet, or no more.

        Whenever one makes no sense, the next connection is a new start.
        """
        if self.rfb and self.rfb.open:
            return self.rfb
        found = re.search(r"RFB.*listening.* port (\d+)", self.log())
        if not found:
            return None
        try:
            connection = socket.create_connection(
                ("127.0.0.1", int(found.group(1))), HANG)
        except ConnectionError:
            return None
        if self.rfb:
            self.rfb.close()
        self.rfb = Rfb(connection)
        return self.rfb

    def greeted(self):
        rfb = self.connect()
        return rfb if rfb and rfb.width else None

    def pictured(self):
        rfb = self.greeted()
        if rfb:
            rfb.ask()
        return rfb if rfb and rfb.whole else None

    def screen(self):
        rfb = self.wait(self.pictured, poll=POLL,
                        what="Bochs sent no whole picture")
        until = time.monotonic() + POLL
        while self.pump(0) and time.monotonic() < until:
            pass
        return self.crop(rfb.width, rfb.height, rfb.rgb())

    def type(self, text):
        """Printable characters and "\n", 8 at most before they are taken:
        Bochs's keyboard keeps no more."""
        rfb = self.wait(self.greeted, poll=POLL,
                        what="Bochs let nobody type")
        for char in text:
            rfb.key(RETURN if char == "\n" else ord(char))

    def hold(self, key):
        """Press a key and do not let go; to be repeated, as keyboards do."""
        rfb = self.greeted()
        if rfb:
            rfb.key(HELD[key], (1,))

    def crop(self, width, height, pixels):
        """Leave Bochs's tool bar above and status line below away."""
        top, tall = 32, ROWS * HEIGHT
        for wide in (9 * COLUMNS, 8 * COLUMNS):
            rows = [pixels[3 * y * width:][:3 * wide]
                    for y in range(top, top + tall)]
            screen = Screen(wide, tall, b"".join(rows))
            if screen.text:
                return screen
        return screen

    def was_reset(self):
        return "triple fault" in self.log()

    def stop(self):
        if self.rfb:
            self.rfb.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.close_channels()


class BochsOnALine(Bochs):
    """A Bochs whose COM1 is a line, as a PC's is: each byte comes when it is
    its turn, and is lost if the UART's FIFO is full and its interrupt is off.
    (From a socket Bochs takes a byte when it has none.)"""

    def boot(self, machine, image):
        ours, self.theirs = pty.openpty()
        tty.setraw(self.theirs)
        self.configure(machine, image,
                       f"mode=term, dev={os.ttyname(self.theirs)}")
        self.start()
        return ours

    def stop(self):
        super().stop()
        os.close(self.theirs)
