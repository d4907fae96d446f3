"""QEMU's log of the boot stages' instructions, for `make coverage`.

With COVERAGE=DIRECTORY in the environment every boot leaves a file there,
written by tests/coverage/edges.c, which reads the log from a pipe: the log
itself is too long to keep. COVERAGE_SKIPS=PATTERN leaves functions of stage 2
out whose names match: three quarters of a log are the kernel's CRC.
"""

import functools
import os
import pathlib
import re
import subprocess
import tempfile

from .recipe import BUILD
from .words import defines

DIRECTORY, SKIPS = "COVERAGE", "COVERAGE_SKIPS"


@functools.lru_cache(None)
def single_step(qemu):
    """The option for one instruction at a time, by QEMU's version."""
    told = subprocess.run([qemu, "-help"], capture_output=True, text=True,
                          check=False).stdout
    if "-singlestep" in told:
        return ["-singlestep"]
    return ["-accel", "tcg,one-insn-per-tb=on"]


def ranges():
    """QEMU's -dfilter: the boot stages without what is to be skipped."""
    layout = defines("layout.h")
    first = layout["BOOT_SECTOR_ADDR"]
    found = []
    if SKIPS in os.environ:
        placed = (BUILD / "stage2.map").read_text()
        found = re.findall(rf"^ \.text\.(?:{os.environ[SKIPS]})\s+0x(\w+)"
                           r"\s+0x(\w+) ", placed, re.MULTILINE)
    for address, size in sorted((int(a, 16), int(s, 16)) for a, s in found):
        if address > first:
            yield f"{first:#x}+{address - first:#x}"
            first = address + size
    yield f"{first:#x}+{layout['STAGE2_END'] - first:#x}"


class Nothing:
    """The recorder of a boot that nobody counts."""

    arguments, pipes = (), ()

    def started(self):
        pass

    def finish(self):
        pass


class Recorder:
    """arguments  for QEMU
    pipes      file descriptors that QEMU must inherit
    """

    def __init__(self, qemu, directory):
        pathlib.Path(directory).mkdir(parents=True, exist_ok=True)
        number, path = tempfile.mkstemp(".edges", dir=directory)
        os.close(number)
        incoming, outgoing = os.pipe()
        self.pipes = [outgoing]
        self.arguments = [
            *single_step(qemu), "-d", "exec,nochain",
            "-dfilter", ",".join(ranges()), "-D", f"/dev/fd/{outgoing}"]
        self.process = subprocess.Popen([BUILD / "coverage/edges", path],
                                        stdin=incoming)
        os.close(incoming)

    def started(self):
        """QEMU has its end of the pipe."""
        os.close(self.pipes[0])

    def finish(self):
        """QEMU has ended."""
        if self.process.wait():
            raise RuntimeError("tests/coverage/edges.c failed")


def recorder(qemu):
    """For one boot by this QEMU."""
    directory = os.environ.get(DIRECTORY)
    return Recorder(qemu, directory) if directory else Nothing()
