"""A kernel with a command line in a running QEMU, for the kernel's tests."""

import contextlib
import pathlib
import re
import tempfile

import pytest

from harness import offers, recipe, reset
from harness.emulator import GuestDied
from harness.machine import Machine, qemu_argv
from harness.qemu import BINARY, Qemu
from harness.words import ROOT

SUCCESS, FAILURE = 33, 35


@contextlib.contextmanager
def boot(directory, cmdline, exit_port=True, kernel="kernel.elf", modules=(),
         **machine):
    """QEMU from the first instruction on; see Machine for the rest."""
    directory = pathlib.Path(tempfile.mkdtemp(dir=directory))
    image, _ = recipe.make(recipe.Recipe(str(kernel), tuple(modules), cmdline),
                           directory)
    argv = qemu_argv(Machine(exit_port=exit_port, **machine), image)
    lacking = offers.missing([BINARY, *argv])
    if lacking:
        pytest.skip(f"needs {', '.join(lacking)}")
    with Qemu(argv, directory) as qemu:
        qemu.explain_reset = lambda: "\n".join(
            reset.explain(argv, kernel, directory))
        try:
            yield qemu
        except GuestDied as reason:
            if not qemu.was_reset():
                raise
            raise GuestDied(f"{reason}\n{qemu.explain_reset()}") from None


def run(directory, cmdline, **machine):
    """Boot until QEMU ends: (exit status, COM1's text, port E9h's text)"""
    with boot(directory, cmdline, **machine) as qemu:
        status = qemu.wait_end()
        if qemu.was_reset():
            raise GuestDied(qemu.explain_reset())
        return status, qemu.serial.text, qemu.debugcon.text


def kernel_text(text):
    """What the kernel printed, without what the loader said before."""
    found = re.search(r"^ Firstlight .*build", text, re.MULTILINE)
    return text[found.start():] if found else ""


def panic_page(text):
    """The panic page alone."""
    assert "KERNEL PANIC" in text, text[-4000:]
    return text[text.index("KERNEL PANIC"):]


# Of tests whose words or timing are the plain kernel's (make test-sanitize).
SANITIZED = recipe.BUILD.name == "sanitize"
plain_kernel = pytest.mark.skipif(SANITIZED, reason="holds for the plain "
                                  "kernel: the checks change what is seen")


def wait_halted(qemu):
    """Until the CPU sleeps: the kernel has nothing more to do.

    A sleeping CPU sends no events, so it is looked at again and again. The
    BIOS sleeps too: await the kernel's first text before.
    """
    qemu.wait(lambda: "HLT=1" in qemu.qmp(
        "human-monitor-command", **{"command-line": "info registers"}),
        poll=0.02, what="the CPU never halted")


class Halts:
    """A Row's visit: the pattern comes, and then nothing any more."""

    def __init__(self, pattern):
        self.pattern = pattern

    def stated(self):
        return [f"on the serial line: {self.pattern}, then the CPU halts"]

    def __call__(self, emulator, row):
        emulator.wait_text(self.pattern)
        wait_halted(emulator)
        return []


STEP = re.compile(r"#(\d+) +([0-9a-f]+) (\w+)\(\) at (\S+):(\d+)")


def trace(page):
    """[(function, file, line)]: each step of the backtrace, innermost first;
    between them "--- ... ---" for interruptions."""
    lines = [line for line in page.split("\n")
             if re.match(r"#\d|--- ", line)]
    # Where execution went astray there is no function.
    if re.fullmatch(r"#0 +\w+ is not the kernel's code", lines[0]):
        lines[0] = "#0 0 astray() at kernel/main.c:1"
    steps = [STEP.fullmatch(line) for line in lines if line[0] == "#"]
    assert all(steps), page
    assert [int(step[1]) for step in steps] == list(range(len(steps)))
    return [STEP.fullmatch(line).groups()[2:] if line[0] == "#" else line
            for line in lines]


def check_trace(page):
    """Every step has function, file and an existing line; the last is where
    the loader entered."""
    steps = [step for step in trace(page) if isinstance(step, tuple)]
    for _, file, line in steps:
        assert 1 <= int(line) <= len((ROOT / file).read_text().split("\n"))
    assert steps[-1][:2] == ("_start", "kernel/entry.asm")
    return steps
