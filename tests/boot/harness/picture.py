"""The screen of a boot that failed and is over: the same once more, to look.

There is no exit port this time, and what resets the machine stops it.
"""

import dataclasses
import re

from . import recipe
from .emulator import GuestDied, Hang
from .run import start

WAIT = 20  # seconds for it to come as far again
PART = 60  # characters of the last line: the rest may be numbers


def staying(row):
    """The row on a machine that does not end by itself."""
    machine = dataclasses.replace(
        row.machine, exit_port=False,
        extra=(*row.machine.extra, "-action", "shutdown=pause"))
    return dataclasses.replace(row, machine=machine)


def take(run):
    """Give a Run of QEMU its screen.png, if a machine with a screen can."""
    row, directory = run.row, run.directory / "picture"
    path = run.directory / "screen.png"
    if path.exists() or row.machine.emulator != "qemu" or \
            not row.machine.has_screen():
        return
    directory.mkdir()
    image, layout = recipe.make(row.disk, directory)
    lines = [line for line in run.serial.split("\n") if line.strip()]
    last = re.escape((lines or [""])[-1][:PART])
    try:
        with start(staying(row), image, layout, directory) as qemu:
            try:
                qemu.wait_screen(last, WAIT)
            except Hang:
                pass
            run.screen = qemu.screen()
            if run.screen:
                run.screen.save_png(path)
    except (GuestDied, Hang, OSError):
        pass
