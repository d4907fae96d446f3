"""What a lab is. tests/labs/NN-name/lab.py says it in these words:

    Lab      the piece that is taken away, and the runs that look for it
    Piece    where it lies
    Tap      a run of a test program on this machine, or in real mode
    Guest    a run of a PC, of which COM1 is read
    Mutants  runs of a test that students write, each beside another mistake
    Check    what was promised, and what a run says where it is kept

A run is a command, and needs targets of make. Its checks read what it printed.
"""

import dataclasses
import hashlib
import os
import pathlib
import re
import runpy

ROOT = pathlib.Path(__file__).resolve().parents[2]
LABS = ROOT / "tests/labs"


def plain(line):
    """A line with its blanks as one."""
    return " ".join(line.split())


class Seed:
    """LAB_SEED: who has another seed, has other answers. lab.py finds one in
    SEED."""

    def __init__(self, text):
        self.text = text

    def pick(self, name, options):
        """One of them: the first, without a seed."""
        number = hashlib.sha256(f"{self.text}/{name}".encode()).digest()
        return options[int.from_bytes(number[:8], "big") % len(options)
                       if self.text else 0]

    def move(self, line, values):
        """A Move of the value, the last word of a line; none without a seed.
        """
        start = re.match(r"(.*\s)\S+$", line)[1]
        value = self.pick(line, values)
        return (Move(line, f"{start}{value}"),) if self.text else ()


@dataclasses.dataclass(frozen=True)
class Move:
    """A constant in the lab's file that a seed moves: a line's beginning, and
    what stands there then."""
    old: str
    new: str

    def done(self, text):
        """The text with it; ValueError: there is no such line, or several."""
        pattern = rf"^{re.escape(self.old)}(?![\w.])"
        if len(re.findall(pattern, text, re.MULTILINE)) != 1:
            raise ValueError(f"not one line begins with {self.old!r}")
        return re.sub(pattern, lambda _: self.new, text, flags=re.MULTILINE)

    def is_in(self, text):
        return re.search(rf"^{re.escape(self.new)}(?![\w.])", text,
                         re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Piece:
    """What lies in `file` from the line that starts with `first` until before
    the one that starts with `before`, "" for the end; `left` takes its place.
    With first="" it is a file that the student writes, and `left` its
    beginning."""
    file: str
    first: str
    before: str
    left: str

    def replaced(self, text, other):
        """The file with `other` in the piece's place; ValueError: the piece is
        not there."""
        if not self.first:
            return other
        lines = text.splitlines(keepends=True)
        found = [number for number, line in enumerate(lines)
                 if plain(line).startswith(self.first)]
        if len(found) != 1:
            raise ValueError(f"{self.file}: {len(found)} lines start with "
                             f"{self.first!r}, not one")
        ends = [number for number, line in enumerate(lines)
                if number > found[0] and plain(line).startswith(self.before)]
        if not self.before:
            ends = [len(lines)]
        if not ends:
            raise ValueError(f"{self.file}: no line starts with "
                             f"{self.before!r}")
        lines[found[0]:ends[0]] = [other]
        return "".join(lines)


@dataclasses.dataclass(frozen=True)
class Check:
    """promise  words of a comment, as they stand in the file `where`, or the
             lab's: what the student was promised, or promises
    expects  for a Tap, the names of tests, a regular expression; for a Guest,
             what stands on COM1, a regular expression
    never    for a Guest, what must not stand there; then `expects` may be ""
    stop     where gdb stops to see it: a symbol, FILE:LINE; "" as the lab says
    """
    promise: str
    expects: str
    never: str = ""
    where: str = ""
    stop: str = ""


@dataclasses.dataclass(frozen=True)
class Tap:
    """A program that prints "ok NAME" and "not ok NAME", between whose lines
    stands what differed. What fails and is in no check breaks the lab's own
    promise.

    program  X of tests/host/test_X.c, or of tests/realmode/test_X.asm
    seconds  of the CPU's time: more is a hang
    """
    program: str
    checks: tuple
    realmode: bool = False
    seconds: int = 5

    def targets(self):
        return (f"realmode/{self.program}.img",) if self.realmode else \
            (f"labs/test_{self.program}",)


@dataclasses.dataclass(frozen=True)
class Mutants:
    """The student's test program of tests/host, beside a unit of lib as it is,
    with mistakes that it must see, and with changes that it must not mind.

    unit     X of lib/X.c and tests/host/test_X.c
    checks   whose `expects` is a mistake of tests/mutate/units.py, by its name
    allowed  names of changes there
    seconds  of the CPU's time for one run: more is a hang
    """
    unit: str
    checks: tuple
    allowed: tuple
    seconds: int = 5

    def targets(self):
        return (f"labs/test_{self.unit}",)


@dataclasses.dataclass(frozen=True)
class Guest:
    """A PC with an image, to its end: `status` is that of isa-debug-exit, None
    where it need not end.

    kernel, modules  files under build/
    flags            further options of mkimage; {build} and {data} are names
    data             what is in the file {data}
    needs            further targets of make, under build/
    machine          further options of QEMU
    size             bytes of the image, 0: as many as it has
    drive            what -drive says of the image
    types            ((what COM1 says, what is typed then), ...)
    ends             a regular expression of COM1 after which nothing comes
    seconds          of the CPU's time: more is a hang
    """
    checks: tuple
    kernel: str = "kernel.elf"
    cmdline: str = "exit"
    modules: tuple = ()
    flags: tuple = ()
    data: bytes = b""
    needs: tuple = ()
    machine: tuple = ()
    size: int = 0
    drive: str = "if=ide"
    types: tuple = ()
    ends: str = r"Boot error \w \w\w|firstlight: error .*\n.*\n|No bootable"
    status: int = 33
    seconds: int = 20

    def targets(self):
        return ("mkimage", self.kernel, *self.modules, *self.needs)


@dataclasses.dataclass(frozen=True)
class Lab:
    """piece    what is taken away
    header   where promises stand, "" in the piece's file
    promise  the sentence above it: what it is for
    stop     where gdb stops to see it
    page     the moment of build/page.html to look at: a symbol that a boot of
             ours comes to
    symptom  what `make lab` says first of a lab that was started
    runs     in this order; the first that fails is the last
    moves    of constants beside the piece, by SEED.move()
    """
    piece: Piece
    promise: str
    stop: str
    symptom: str
    runs: tuple
    page: str = ""
    header: str = ""
    moves: tuple = ()
    folder: pathlib.Path = None

    @property
    def file(self):
        return self.piece.file

    def solutions(self, kind):
        """The files of wrong/ or right/: each is a text for the piece."""
        return sorted((self.folder / kind).glob("*"))


def load(folder, seed):
    names = runpy.run_path(str(folder / "lab.py"), {"SEED": Seed(seed)})
    return dataclasses.replace(names["LAB"], folder=folder)


def labs(seed=None):
    """{"2": Lab, "d1": Lab, ...}: by the name of the folder, up to its "-"."""
    if seed is None:
        seed = os.environ.get("LAB_SEED", "")
    return {re.match(r"0*(\w+?)-", path.parent.name)[1]:
            load(path.parent, seed) for path in sorted(LABS.glob("*-*/lab.py"))}


def build_folder():
    return pathlib.Path(os.environ.get("BUILD", ROOT / "build"))
