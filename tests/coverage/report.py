"""What of the boot sector and stage 2 the tests have executed.

    python3 tests/coverage/report.py BUILD EDGES_DIRECTORY

Reads the edges that edges.awk left for each boot, and prints for each source
file how many instructions were executed and how many directions of its
conditional jumps were taken, then whatever nothing reached. What can't be
reached is listed, with the reason, in tests/coverage-exceptions.txt; an entry
that was reached after all is an error too. Exit status 1: something is missing.

BUILD/realmode/NAME.elf are the same routines linked to a fake BIOS; edges of
boots of those are called NAME.*.edges and are counted by source line.
"""

import collections
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXCEPTIONS = ROOT / "tests/coverage-exceptions.txt"
BOOT_SECTOR, STAGE2, END = 0x7C00, 0x8000, 0x10000
ARCHITECTURES = {".text32": "i386", ".text64": "i386:x86-64"}
DATA = re.compile(r"^\s*(\.?\w+:)?\s*(d[bwdq]|times|res[bwdq]|words|need|"
                  r"flat)\b")
JUMP = re.compile(r"^(j(?!mp)\w+|loop\w*)$")


class Instruction:
    """One instruction: where it lies, where it comes from, what it does."""

    def __init__(self, address, size, text):
        self.address, self.next = address, address + size
        self.text = text
        words = text.split()
        self.jump = None	# where a conditional jump goes
        name = words[0].partition(",")[0]
        if JUMP.match(name) and len(words) > 1:
            self.jump = int(words[1], 16)
        self.file, self.line, self.routine = "?", 0, "?"
        self.executed = False
        self.taken = self.passed = False

    def key(self):
        return self.file, self.line

    def directions(self):
        """Names of the directions that nobody went."""
        if self.jump is None or self.jump == self.next:
            return []
        return [name for name, gone in (("taken", self.taken),
                                        ("not taken", self.passed))
                if not gone]


def output(*argv):
    return subprocess.run(argv, capture_output=True, text=True,
                          check=True).stdout


def code_ranges(map_file):
    """(start, end, architecture) of each piece of code in a linker's map."""
    text = pathlib.Path(map_file).read_text()
    text = text[text.index("Linker script and memory map"):]
    text = text.partition("\n/DISCARD/")[0]
    for name, start, size in re.findall(
            r"^ (\.(?:entry16|text\S*))\s+(0x\w+)\s+(0x\w+) \S", text,
            re.MULTILINE):
        start, size = int(start, 16), int(size, 16)
        if not size or not BOOT_SECTOR <= start < END:
            continue
        sixteen = name in (".entry16", ".text16")
        kind = "i8086" if sixteen else ARCHITECTURES.get(name,
                                                         "i386:x86-64")
        yield start, start + size, kind


def disassemble(elf, start, end, architecture):
    text = output("objdump", "-d", "-M", "intel", "-m", architecture,
                  "--insn-width=16", f"--start-address={start}",
                  f"--stop-address={end}", str(elf))
    for line in text.splitlines():
        found = re.match(r"\s+([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*\t(.+)",
                         line)
        if found:
            yield Instruction(int(found[1], 16), len(found[2].split()),
                              found[3])


def locate(elf, instructions):
    """Fill in file, line and routine; drop what is data."""
    addresses = "\n".join(f"{i.address:x}" for i in instructions)
    lines = subprocess.run(["addr2line", "-e", str(elf)], input=addresses,
                           capture_output=True, text=True,
                           check=True).stdout.splitlines()
    symbols = sorted((int(a, 16), name) for a, _, name in (
        line.split() for line in output("nm", str(elf)).splitlines()
        if len(line.split()) == 3) if "." not in name)
    kept = []
    for instruction, place in zip(instructions, lines):
        path, _, line = place.partition(" ")[0].rpartition(":")
        instruction.file = re.sub(r"^.*?((?:stage2|bootsector|lib)/)", r"\1",
                                  path)
        instruction.line = int(line) if line.isdigit() else 0
        before = [name for address, name in symbols
                  if BOOT_SECTOR <= address <= instruction.address]
        instruction.routine = before[-1] if before else "?"
        if not DATA.match(source(*instruction.key())):
            kept.append(instruction)
    return kept


def source(path, line):
    """The line's text; '' where there is none."""
    if path not in source.files:
        where = ROOT / path
        source.files[path] = (where.read_text().splitlines()
                              if where.is_file() else [])
    lines = source.files[path]
    return lines[line - 1] if 0 < line <= len(lines) else ""


source.files = {}


def load(elf, map_file):
    """{address: Instruction} of an executable."""
    instructions = []
    for start, end, architecture in code_ranges(map_file):
        instructions += disassemble(elf, start, end, architecture)
    return {i.address: i for i in locate(elf, instructions)}


# ---- Counting --------------------------------------------------------------

def starts(path):
    """The edges of each start of a boot sector, as (from, to) numbers."""
    found = collections.defaultdict(list)
    for line in path.read_text().splitlines():
        start, old, new = line.split()
        found[start].append((None if old == "-" else int(old, 16),
                             int(new, 16)))
    return found.values()


def is_ours(edges, bootsector):
    """Another boot sector, as that of tests/hostile, has other places."""
    places = {new for _, new in edges if new < STAGE2}
    return all(place in bootsector or
               BOOT_SECTOR + 0x200 <= place for place in places)


def count(edges, instructions):
    for old, new in edges:
        if new in instructions:
            instructions[new].executed = True
        origin = instructions.get(old)
        if origin and origin.jump is not None:
            origin.taken |= new == origin.jump
            origin.passed |= new == origin.next


def jumps_by_line(instructions):
    found = collections.defaultdict(list)
    for i in sorted(instructions.values(), key=lambda i: i.address):
        if i.jump is not None:
            found[i.key()].append(i)
    return found


def add_by_line(other, instructions):
    """Count what was executed of the same sources in another executable.

    A line in a macro is many places, so only lines of .asm files count.
    """
    executed = {i.key() for i in other.values() if i.executed}
    for i in instructions.values():
        if i.file.endswith(".asm") and i.key() in executed:
            i.executed = True
    theirs = jumps_by_line(other)
    for key, jumps in jumps_by_line(instructions).items():
        if not key[0].endswith(".asm"):
            continue
        for mine, also in zip(jumps, theirs.get(key, [])):
            mine.taken |= also.taken
            mine.passed |= also.passed


# ---- Exceptions ------------------------------------------------------------

class Exemption:
    """A line of coverage-exceptions.txt: FILE | ROUTINE | CODE | WHAT | WHY"""

    def __init__(self, line):
        parts = [part.strip() for part in line.split("|", 4)]
        if len(parts) != 5 or not all(parts):
            raise SystemExit(f"{EXCEPTIONS}: not five fields: {line}")
        self.file, self.routine, self.code, self.what, self.why = parts
        if self.what not in ("executed", "taken", "not taken"):
            raise SystemExit(f"{EXCEPTIONS}: what is {self.what!r}?")
        self.used = False

    def covers(self, instruction, what):
        text = source(*instruction.key()).partition(";")[0]
        hit = (self.file == instruction.file and
               self.routine == instruction.routine and
               self.what == what and
               self.code in " ".join(text.split()))
        self.used |= hit
        return hit


def exemptions():
    if not EXCEPTIONS.exists():
        return []
    return [Exemption(line) for line in EXCEPTIONS.read_text().splitlines()
            if line.strip() and not line.startswith("#")]


# ---- Reporting -------------------------------------------------------------

def gaps(instructions, exempt):
    """(missing, excused): lists of (Instruction, what)."""
    missing, excused = [], []
    for i in sorted(instructions, key=lambda i: i.address):
        whats = i.directions() if i.executed else ["executed"]
        for what in whats:
            allowed = [e for e in exempt if e.covers(i, what)]
            (excused if allowed else missing).append((i, what))
    return missing, excused


def percent(part, whole):
    return f"{part:5} of {whole:5}  {100 * part / max(whole, 1):5.1f} %"


def row(name, instructions):
    done = sum(i.executed for i in instructions)
    jumps = [i for i in instructions if i.jump not in (None, i.next)]
    gone = sum(2 - len(i.directions()) for i in jumps)
    print(f"{name:26} {percent(done, len(instructions))}   "
          f"{percent(gone, 2 * len(jumps))}")


def listing(title, found):
    print(f"\n{title}:" if found else f"\n{title}: nothing")
    previous = None
    for i, what in found:
        this = (i.file, i.line, i.routine, what)
        if this != previous:
            text = " ".join(source(*i.key()).partition(";")[0].split())
            never = "never executed" if what == "executed" else \
                f"never {what}"
            print(f"  {i.file}:{i.line}: {i.routine}: {never}: "
                  f"{text or i.text}  [{i.address:04x}]")
        previous = this


def main():
    if len(sys.argv) != 3:
        raise SystemExit("usage: report.py BUILD EDGES_DIRECTORY")
    build, directory = map(pathlib.Path, sys.argv[1:])
    bootsector = load(build / "bootsector.elf", build / "bootsector.map")
    stage2 = load(build / "stage2.elf", build / "stage2.map")
    realmode = {path.stem: load(path, path.with_suffix(".map"))
                for path in (build / "realmode").glob("*.elf")
                if path.with_suffix(".map").exists()}
    boots = foreign = 0
    for path in sorted(directory.glob("*.edges")):
        second = realmode.get(path.name.partition(".")[0], stage2)
        for edges in starts(path):
            if not is_ours(edges, bootsector):
                foreign += 1
                continue
            boots += 1
            count(edges, bootsector)
            count(edges, second)
    for other in realmode.values():
        add_by_line(other, stage2)

    everything = [*bootsector.values(), *stage2.values()]
    print(f"{boots} boots, {foreign} starts of other boot sectors\n")
    print(f"{'file':26} {'instructions':>23}   {'directions of jumps':>23}")
    by_file = collections.defaultdict(list)
    for i in everything:
        by_file[i.file].append(i)
    for name in sorted(by_file):
        row(name, by_file[name])
    row("all", everything)

    exempt = exemptions()
    missing, excused = gaps(everything, exempt)
    listing("Not reached by any test", missing)
    listing("Can't be reached, see tests/coverage-exceptions.txt", excused)
    stale = [e for e in exempt if not e.used]
    for e in stale:
        print(f"\nreached after all, or gone: {e.file} | {e.routine} | "
              f"{e.code} | {e.what}")
    return 1 if missing or stale or not boots else 0


if __name__ == "__main__":
    sys.exit(main())
