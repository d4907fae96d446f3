"""A kernel with a command line in a running QEMU, for the kernel's tests."""

import contextlib
import pathlib
import re

from harness import recipe
from harness.machine import Machine, qemu_argv
from harness.qemu import Qemu

SUCCESS, FAILURE = 33, 35


@contextlib.contextmanager
def boot(directory, cmdline, exit_port=True, **machine):
    """QEMU from the first instruction on; see Machine for the rest."""
    directory = pathlib.Path(directory)
    image, _ = recipe.make(recipe.Recipe(cmdline=cmdline), directory)
    row = Machine(exit_port=exit_port, **machine)
    with Qemu(qemu_argv(row, image), directory) as qemu:
        yield qemu


def run(directory, cmdline, **machine):
    """Boot until QEMU ends: (exit status, COM1's text, port E9h's text)"""
    with boot(directory, cmdline, **machine) as qemu:
        status = qemu.wait_end()
        return status, qemu.serial.text, qemu.debugcon.text


def kernel_text(text):
    """What the kernel printed, without what the loader said before."""
    found = re.search(r"^ Firstlight .*build", text, re.MULTILINE)
    return text[found.start():] if found else ""


def panic_page(text):
    """The panic page alone."""
    return text[text.index("KERNEL PANIC"):]
