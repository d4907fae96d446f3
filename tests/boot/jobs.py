"""Every boot of the suite as a job with a name: the rows, and the real-mode
test programs of tests/realmode.

A job's play() boots in a scratch directory and returns what went wrong.
"""

import dataclasses
import pathlib

import table
from harness.emulator import Hang
from harness.guard import folder
from harness.machine import Machine, qemu_argv
from harness.qemu import Qemu
from harness.recipe import BUILD
from harness.run import Row, run

SUCCESS = 33


@dataclasses.dataclass(frozen=True)
class RowJob:
    row: Row

    @property
    def name(self):
        return self.row.name

    def missing(self):
        return self.row.missing()

    def play(self):
        with folder() as directory:
            done = run(self.row, f"{directory}/row")
            return "" if done.passed() else done.report()


@dataclasses.dataclass(frozen=True)
class ProgramJob:
    image: pathlib.Path

    @property
    def name(self):
        return f"realmode: {self.image.stem}"

    def missing(self):
        return []

    def play(self):
        machine = Machine(memory="16M", exit_port=True, debugcon=False)
        with folder() as directory:
            with Qemu(qemu_argv(machine, self.image), directory) as qemu:
                try:
                    status = qemu.wait_end()
                except Hang:
                    status = "none, it hangs"
                text = qemu.serial.text
        if status == SUCCESS:
            return ""
        return f"{self.name}: status {status}\n{text}"


def jobs():
    """All of them, in a fixed order."""
    images = sorted((BUILD / "realmode").glob("*.img"))
    return ([ProgramJob(image) for image in images] +
            [RowJob(row) for row in table.HOSTILE + table.MATRIX])
