"""Why a guest reset itself: boot it once more with QEMU's log on."""

import pathlib
import subprocess

from . import recipe
from .emulator import HANG, Hang
from .qemu import Qemu
from .words import ROOT

# The machine came to its reset before; nothing more is to be expected.
SILENCE = HANG


def explain(argv, kernel, directory):
    """Lines that name the exceptions, or say that there were none.

    argv       as for Qemu
    kernel     the ELF file whose places are to be named
    directory  gets interrupts.log
    """
    again = pathlib.Path(directory) / "again"
    again.mkdir(exist_ok=True)
    log = pathlib.Path(directory) / "interrupts.log"
    with Qemu([*argv, "-d", "int,cpu_reset", "-D", str(log)],
              again) as emulator:
        try:
            emulator.wait_end(SILENCE)
        except Hang:
            return ["the reset did not come again"]
    with open(log, "rb") as text:
        told = subprocess.run(
            ["sh", ROOT / "tools/explain-reset.sh", recipe.BUILD,
             recipe.BUILD / kernel], stdin=text,
            capture_output=True, text=True, check=False).stdout
    return told.splitlines() or ["no triple fault: the guest asked for it"]
