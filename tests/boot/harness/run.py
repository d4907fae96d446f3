"""One row of the table, from its disk to its verdict."""

import dataclasses
import os
import pathlib
import shlex
import shutil
import time

from . import offers, recipe, reset
from .bochs import Bochs
from .emulator import HANG, GuestDied, Hang
from .machine import Machine, by_hand, qemu_argv
from .qemu import BINARY, Qemu
from .recipe import Recipe
from .v86 import LIBRARY, V86
from .words import ENDS

# Once the guest has said its last words, nothing more is to be expected.
SILENCE = HANG / 3

PROGRAMS = {"qemu": (BINARY,), "bochs": ("bochs",), "v86": ("node",)}


@dataclasses.dataclass(frozen=True)
class Bad:
    """Sectors of a region that can't be read (QEMU's blkdebug).

    once  the first try fails, later ones do not
    """
    region: str
    where: str = "start"
    once: bool = False

    def rule(self, layout):
        at = getattr(layout, self.where)(self.region) // recipe.SECTOR
        return {"event": "none", "iotype": "read", "errno": 5,
                "sector": at, "once": self.once}


@dataclasses.dataclass(frozen=True)
class Row:
    """A machine, a disk, and what must come of it.

    name     how reports call it
    machine  Machine
    disk     Recipe
    bad      Bad sectors
    shows    patterns that serial line, debug port and screen must show
    says     patterns for the serial line only
    tells    patterns for the debug port only
    draws    patterns for the screen only
    never    patterns that neither serial line nor debug port may show
    key      a key pressed once all of that is there, and the pattern that
             the screen must show then: ("ret", "No bootable device")
    status   how QEMU must end; None: it must not end by itself
    unread   nobody reads the serial line: its UART never gets empty
    visit    what a person does before all that: a function of the emulator
             and the row that returns problems, see harness/diagnostics.py
    needs    programs without which the row is skipped
    full     too slow or too special for `make test`; for `make matrix`
    """

    name: str
    machine: Machine = Machine()
    disk: Recipe = Recipe()
    bad: tuple = ()
    shows: tuple = ()
    says: tuple = ()
    tells: tuple = ()
    draws: tuple = ()
    never: tuple = ()
    key: tuple = ()
    status: object = None
    unread: bool = False
    visit: object = None
    needs: tuple = ()
    full: bool = False

    def prepare(self, directory):
        """The machine, once what it needs is made in the directory."""
        return self.machine

    def check(self, run):
        """Further problems that the evidence of a Run shows."""
        return []

    def missing(self):
        """What this row needs and this host lacks, by name."""
        programs = [*self.needs, *PROGRAMS[self.machine.emulator]]
        if self.disk.medium in recipe.MEDIA:
            programs.append(recipe.MEDIA[self.disk.medium][-1])
        lacks = [name for name in programs if not shutil.which(name)]
        lacks += [name for name in self.machine.files()
                  if not os.path.exists(name)]
        if self.machine.emulator == "v86" and not LIBRARY.exists():
            lacks.append("v86, see make v86")
        if self.machine.emulator == "qemu" and shutil.which(BINARY):
            lacks += offers.missing([BINARY, *qemu_argv(self.machine, "")])
        return lacks


class Run:
    """What happened: problems (empty: passed) and the evidence."""

    def __init__(self, row, directory):
        self.row = row
        self.directory = pathlib.Path(directory)
        self.problems = []
        self.argv = []
        self.serial = ""
        self.screen = None
        self.seconds = 0.0

    def passed(self):
        return not self.problems

    def command(self):
        if self.row.machine.emulator == "qemu":
            return by_hand(self.argv)
        return shlex.join(self.argv)

    def report(self):
        """Everything a person needs to find out why."""
        lines = [f"row: {self.row.name}"]
        lines += [f"  problem: {problem}" for problem in self.problems]
        lines += [f"  by hand: {self.command()}",
                  f"  kept in: {self.directory}",
                  "  last lines of the serial line:"]
        lines += ["    | " + line for line in self.serial.split("\n")[-25:]]
        if self.screen:
            lines.append("  screen:")
            lines += ["    | " + line
                      for line in self.screen.text.split("\n")]
        return "\n".join(lines)


def start(row, image, layout, directory):
    machine = row.prepare(directory)
    if machine.emulator != "qemu":
        other = {"bochs": Bochs, "v86": V86}[machine.emulator]
        return other(machine, image, directory)
    rules = [bad.rule(layout) for bad in row.bad]
    qemu = Qemu(qemu_argv(machine, image, rules), directory)
    if row.unread:
        qemu.serial.stop_reading()
    return qemu


def channels(row, emulator):
    """Where text must arrive: (name, Channel), the first leads."""
    found = []
    if row.machine.serial and not row.unread:
        found.append(("the serial line", emulator.serial))
    if row.machine.debugcon and not row.machine.plain:
        found.append(("port E9h", emulator.debugcon))
    return found


def watch(row, emulator):
    """Wait until the leading channel has said all, or cannot any more."""
    (name, channel), *_ = channels(row, emulator)
    wanted = row.shows + row.says

    def said():
        return all(channel.find(pattern) for pattern in wanted)

    def over():
        return said() or any(channel.find(end + "\n") for end in ENDS)

    emulator.wait(over)
    if not said():
        emulator.wait(said, timeout=SILENCE)


def check_channels(row, emulator, problems):
    """Every channel must have said its part; a short wait is for all."""
    expected = [(name, channel, pattern)
                for number, (name, channel) in enumerate(
                    channels(row, emulator))
                for pattern in row.shows + (row.tells if number else row.says)]

    def missing():
        return [f"{name} never said {pattern!r}"
                for name, channel, pattern in expected
                if not channel.find(pattern)]

    try:
        emulator.wait(lambda: not missing(), SILENCE)
    except (Hang, GuestDied):
        problems += missing()
    problems += [f"{name} said {pattern!r}"
                 for name, channel in channels(row, emulator)
                 for pattern in row.never if channel.find(pattern)]


def check_screen(row, emulator, run):
    heard = row.shows or row.says	# it has said its last words
    until = time.monotonic() + (SILENCE if heard else HANG)
    for pattern in row.shows + row.draws:
        try:
            run.screen = emulator.wait_screen(
                pattern, max(0.1, until - time.monotonic()))
        except Hang:
            run.problems.append(f"the screen never showed {pattern!r}")
    if row.key:
        key, pattern = row.key
        # What is pressed before the question counts as old (HW-40).
        emulator.wait_screen("Press a key|^Boot error")
        emulator.send_key(key)
        run.screen = emulator.wait_screen(pattern)


def play(row, emulator, run):
    """The boot itself; raises Hang or GuestDied when it goes astray."""
    if row.visit:
        run.problems += row.visit(emulator, row)
    if row.status is not None:
        status = emulator.wait_end()
        check_channels(row, emulator, run.problems)
        if status != row.status:
            run.problems.append(f"QEMU ended with status {status}, not "
                                f"{row.status}")
        return
    try:
        watch(row, emulator)
    except Hang:
        pass  # what is missing is said by the checks
    check_channels(row, emulator, run.problems)
    if row.machine.has_screen():
        check_screen(row, emulator, run)


def keep_evidence(emulator, run):
    """Take a last look at a machine that went astray."""
    run.serial = emulator.serial.text or emulator.debugcon.text
    if run.passed() or not run.row.machine.has_screen():
        return
    try:
        run.screen = emulator.screen()
        run.screen.save_png(run.directory / "screen.png")
    except (GuestDied, Hang, AttributeError, OSError):
        pass


def judge_end(row, emulator, image, layout, run):
    """A machine that ended unasked, or otherwise, has more to say."""
    if emulator.status in (None, row.status):
        return
    if row.status is None:
        run.problems.append("the machine ended with status "
                            f"{emulator.status}")
    if row.machine.emulator == "qemu" and emulator.was_reset():
        rules = [bad.rule(layout) for bad in row.bad]
        argv = qemu_argv(row.prepare(run.directory), image, rules)
        run.problems += reset.explain(argv, row.disk.kernel, run.directory)


def last_log(directory):
    """What an emulator that did not even start wrote about it."""
    for name in ("qemu.txt", "bochs.txt", "v86.txt"):
        if (directory / name).exists():
            lines = (directory / name).read_text(errors="replace").strip()
            return "\n".join(lines.split("\n")[-5:])
    return "nothing"


def run(row, directory):
    """Boot the row in an empty directory of its own; a Run."""
    done = Run(row, directory)
    shutil.rmtree(directory, ignore_errors=True)
    done.directory.mkdir(parents=True)
    began = time.monotonic()
    image, layout = recipe.make(row.disk, directory)
    size, before = image.stat().st_size, recipe.digest(image)
    try:
        with start(row, image, layout, directory) as emulator:
            done.argv = emulator.argv
            try:
                play(row, emulator, done)
            except (Hang, GuestDied) as reason:
                done.problems.append(str(reason))
            keep_evidence(emulator, done)
            judge_end(row, emulator, image, layout, done)
    except (GuestDied, Hang) as reason:
        said = last_log(done.directory)
        done.problems.append(f"did not even start: {reason}: {said}")
    done.problems += row.check(done)
    # OVMF keeps its variables in a file of the UEFI volume (HW-34).
    if recipe.digest(image, size) != before and row.machine.firmware != "ovmf":
        done.problems.append("the boot wrote to its disk (HW-21)")
    done.seconds = time.monotonic() - began
    return done
