"""Which instructions and directions of the boot stages no boot reached.

    python3 tests/coverage/report.py LOGS UNREACHED

LOGS is the directory that boots.py filled; UNREACHED lists what can't be
reached, each with the reason. Exit status 1: the list is not what was found.
"""

import collections
import dataclasses
import pathlib
import sys

import listing
from listing import BUILD

NEVER = "never executed"
NEVER_JUMPS = "never jumps"
ALWAYS_JUMPS = "always jumps"
ONE_WAY = "one way only"	# in C, where the compiler chooses the jumps


# ---- What was reached -----------------------------------------------------

class Log:
    """What some boots did: addresses executed, and each with the next."""

    def __init__(self):
        self.executed = set()
        self.followed = set()

    def add(self, directory, entry=0):
        """Boots of a directory, from the entry-th jump to 0x7C00 on."""
        for file in directory.glob("*.edges"):
            for line in file.read_text().splitlines():
                number, first, then = line.split()
                if int(number) >= entry:
                    self.executed.add(int(first, 16))
                    self.followed.add((int(first, 16), int(then, 16)))
        return self


@dataclasses.dataclass
class Reached:
    """What all boots together reached of an instruction."""

    executed: bool = False
    jumped: bool = False
    went_on: bool = False

    def add(self, one, log):
        self.executed |= one.address in log.executed
        if one.jump:
            self.jumped |= (one.address, one.target) in log.followed
            self.went_on |= (one.address, one.next) in log.followed

    def missing(self, one):
        """The kinds of what was not reached."""
        if not self.executed:
            return [NEVER]
        kinds = []
        if one.jump and not self.jumped:
            kinds.append(NEVER_JUMPS)
        if one.jump and not self.went_on:
            kinds.append(ALWAYS_JUMPS)
        return kinds


def stand_ins(part, other):
    """(instruction, the one that stands for it in a test program).

    Where the program is the hardware, an instruction has become several.
    """
    def by_line(instructions):
        lines = collections.defaultdict(list)
        for one in instructions:
            lines[one.line].append(one)
        return lines

    theirs = by_line(other)
    for line, ours in by_line(part).items():
        if len(theirs[line]) == len(ours):
            yield from zip(ours, theirs[line])
        elif len(ours) == 1:
            yield ours[0], theirs[line][-1]
        else:
            raise ValueError(f"{ours[0].file}:{line}: no such line there")


def collect(logs):
    """[(Instruction, Reached)] in the order of addresses."""
    boot_sector = listing.assembly("bootsector", BUILD / "bootsector")
    stage2 = listing.assembly("stage2", BUILD / "stage2")
    found = {}
    for part in [*boot_sector.values(), *stage2.values(),
                 listing.compiled(BUILD / "stage2")]:
        found.update((one.address, (one, Reached())) for one in part)

    def add(part, other, log):
        for one, stand_in in stand_ins(part, other):
            found[one.address][1].add(stand_in, log)

    # A hostile BIOS is jumped to before we are.
    log = Log().add(logs / "boots").add(logs / "hostile", 1)
    for one, reached in found.values():
        reached.add(one, log)
    for program in sorted((logs / "realmode").iterdir()):
        log = Log().add(program)
        for part in boot_sector.values():
            add(part, part, log)
        linked = BUILD / "realmode" / program.name
        for key, other in listing.assembly("realmode", linked).items():
            add(stage2[key], other, log)
    return [found[address] for address in sorted(found)]


# ---- What can't be --------------------------------------------------------

def names(code):
    """{address: how the list calls it}, not by its line, which moves.

    In assembly that is file, routine and text, with a number if it is not
    the first such; in C file and source text.
    """
    found, times = {}, collections.Counter()
    for one, _ in code:
        if one.file.endswith(".asm"):
            name = f"{one.file} {one.routine}: {one.text}"
            times[name] += 1
            if times[name] > 1:
                name += f" ({times[name]})"
        else:
            name = f"{one.file}: {listing.source_line(one.file, one.line)}"
        found[one.address] = name
    return found


def unreached(code):
    """{(name, kind): [Instruction]}, in the order of addresses."""
    found, name = {}, names(code)
    for one, reached in code:
        for kind in reached.missing(one):
            if kind != NEVER and not one.file.endswith(".asm"):
                kind = ONE_WAY
            found.setdefault((name[one.address], kind), []).append(one)
    return found


def read_list(path):
    """{(name, kind): reason} of "NAME | KIND" lines, the reason indented."""
    excused, key = {}, None
    for line in path.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        if line[0].isspace():
            excused[key] = f"{excused[key]} {line.strip()}".strip()
        else:
            key = tuple(part.strip() for part in line.rsplit(" | ", 1))
            excused[key] = ""
    return excused


# ---- Saying it ------------------------------------------------------------

def table(code):
    """Instructions and directions by file, as lines."""
    counts = collections.defaultdict(lambda: [0, 0, 0, 0])
    for one, reached in code:
        for name in (one.file, "all"):
            count = counts[name]
            count[0] += reached.executed
            count[1] += 1
            if one.jump:
                count[2] += reached.jumped + reached.went_on
                count[3] += 2
    total = counts.pop("all")
    yield f"{'':28}{'instructions':>20}{'directions':>20}"
    for name, count in [*sorted(counts.items()), ("all", total)]:
        cells = [f"{count[i]}/{count[i + 1]} {percent(*count[i:i + 2]):>6}"
                 for i in (0, 2)]
        yield f"{name:28}{cells[0]:>20}{cells[1]:>20}"


def percent(part, whole):
    """Rounded down: 100 % is all."""
    return f"{part * 1000 // whole / 10:.1f}%" if whole else "-"


def complain(missing, excused):
    """Lines about everything that the list does not say or says wrongly."""
    for (name, kind), places in missing.items():
        if (name, kind) not in excused:
            for line in sorted({one.line for one in places}):
                one = next(one for one in places if one.line == line)
                text = name.partition(": ")[2]
                yield (f"{one.file}:{line}: {one.routine}: {text} | {kind} "
                       f"[{one.text} at {one.address:x}]")
    for key, reason in excused.items():
        if key not in missing:
            yield f"listed, but reached or gone: {' | '.join(key)}"
        elif not reason:
            yield f"listed without a reason: {' | '.join(key)}"


def main():
    logs, path = map(pathlib.Path, sys.argv[1:])
    code = collect(logs)
    missing, excused = unreached(code), read_list(path)
    print("\n".join(table(code)))
    complaints = list(complain(missing, excused))
    for line in complaints:
        print(line)
    print(f"{len(excused)} things can't be reached: {path}")
    if complaints:
        print(f"not ok coverage: {len(complaints)} things are neither "
              "reached nor listed, or the list is wrong")
    else:
        print("ok coverage")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
