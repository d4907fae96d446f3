"""The instructions of boot sector and stage 2, each with its source line.

Assembly is taken from NASM's listings, which know every instruction in every
mode, those of macros too; C from objdump. The linker's maps tell where
a section went.
"""

import dataclasses
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
OBJDUMP = os.environ.get("OBJDUMP", "objdump")
LISTINGS = BUILD / "coverage"

JUMP = re.compile(r"j(?!mp)[a-z]+|loopn?[ez]?|jrcxz")
NO_CODE = re.compile(r"d[bwdq]|res[bwdq]|times|align")
PREFIXES = {0x66, 0x67}


@dataclasses.dataclass
class Instruction:
    """address  linear
    size     bytes
    file     its source, and the line there: of a macro's use where it has one
    routine  the label above it, or the C function
    text     what it says; behind a macro's use, what it became
    """
    address: int
    size: int
    file: str
    line: int
    routine: str
    text: str
    jump: bool = False
    target: int = None

    @property
    def next(self):
        return self.address + self.size


def source_line(file, line):
    text = (ROOT / file).read_text().splitlines()[line - 1]
    if file.endswith(".asm"):
        text = text.partition(";")[0]
    return " ".join(text.split())


# ---- The linker ----------------------------------------------------------

def sections(path):
    """[(object, section, address, size)] of code in a GNU ld map."""
    placed = pathlib.Path(path).read_text().partition("\nLinker script")[2]
    return sorted(
        ((obj, name, int(address, 16), int(size, 16))
         for name, address, size, obj in re.findall(
             r"^ (\.text\S*|\.entry16)\s+0x(\w+)\s+0x(\w+)\s+(\S+\.o)$",
             placed, re.M) if int(size, 16)), key=lambda row: row[2])


# ---- NASM's listings ------------------------------------------------------

ROW = re.compile(r" *(\d+) (?:([0-9A-F]{8}) ((?:<[^>]*>|\S)+))? *(?:<(\d+)>)? ?(.*)")


def words(text):
    """(label or None, first word, the whole) of a source line."""
    text = text.partition(";")[0].strip()
    label = re.match(r"([.\w]+):\s*", text)
    if label:
        text = text[label.end():]
    first = text.split(None, 1)[0].lower() if text else ""
    return label and label[1], first, " ".join(text.split())


def listed(path, source):
    """{section: [Instruction]} of a listing, with addresses from 0 on."""
    found, section = {}, None
    macro, use, used, routine = False, 0, "", ""
    for row in path.read_text().splitlines():
        number, offset, code, depth, text = ROW.fullmatch(row).groups()
        label, first, whole = words(text)
        if first in ("%macro", "%endmacro"):
            macro = first == "%macro"
        if not depth:
            use, used = int(number), whole
        if macro:
            continue
        if first == "section":
            section = found.setdefault(whole.split()[1], [])
        if label and not label.startswith("."):
            routine = label
        if not offset or not first or NO_CODE.fullmatch(first):
            continue
        size = len(re.sub("[^0-9A-F]", "", code)) // 2
        if depth:
            whole = f"{used}: {whole}"
        section.append(Instruction(int(offset, 16), size, source, use,
                                   routine, whole,
                                   bool(JUMP.fullmatch(first))))
    return found


def jump_target(one, memory):
    """Where the conditional jump leads, by its bytes."""
    code = memory[one.address:one.next]
    if one.size != len(code):
        raise ValueError(f"{one.file}:{one.line}: not in the image")
    while code[0] in PREFIXES:
        code = code[1:]
    distance = code[2:] if code[0] == 0x0F else code[1:]
    return one.next + int.from_bytes(distance, "little", signed=True)


def assembly(stage, linked):
    """{(source, section): [Instruction]}, where the linker put them.

    stage   a directory of listings, as of objects: "stage2", "realmode"
    linked  the path of .map and .bin, without those
    """
    parts, memory = {}, None
    for obj, name, address, size in sections(f"{linked}.map"):
        memory = memory or bytes(address) + pathlib.Path(
            f"{linked}.bin").read_bytes()
        source = re.sub(rf".*?{BUILD.name}/\w+/(.*)\.o", r"\1.asm", obj)
        path = LISTINGS / stage / source.replace(".asm", ".lst")
        if not path.exists():
            continue
        part = listed(path, source).get(name, [])
        for one in part:
            one.address += address
            if one.jump:
                one.target = jump_target(one, memory)
        if not part:
            continue
        # Only the boot sector has data behind its code.
        if part[-1].next != address + size and stage != "bootsector":
            raise ValueError(f"{path}: not what {obj} was made of")
        parts[source, name] = part
    return parts


# ---- C -------------------------------------------------------------------

CODE = re.compile(r" *([0-9a-f]+):\t((?:[0-9a-f]{2} )+) *\t?(.*)")


def compiled(linked):
    """[Instruction] of the C part of an ELF file."""
    found, function, file, line = [], "", "", 0
    for first, end in c_ranges(f"{linked}.map"):
        dump = subprocess.run(
            [OBJDUMP, "-dl", f"--start-address={first}",
             f"--stop-address={end}", f"{linked}.elf"],
            capture_output=True, text=True, check=True).stdout
        for row in dump.splitlines():
            symbol = re.match(r"[0-9a-f]+ <(.+)>:$", row)
            place = re.match(r"(\S+):(\d+)(?: \(.*)?$", row)
            code = CODE.fullmatch(row)
            if symbol:
                function = symbol[1]
            elif place:
                file, line = os.path.normpath(place[1]), int(place[2])
            elif code:
                found.append(instruction(code, file, line, function))
    return [one for one in found if one.text]


def c_ranges(path):
    """[(first, end)] of the code that came from C, made as one where it can."""
    merged = []
    for obj, name, address, size in sections(path):
        if not name.startswith(".text."):
            continue
        if merged and merged[-1][1] == address:
            merged[-1][1] += size
        else:
            merged.append([address, address + size])
    return merged


def instruction(code, file, line, function):
    text = " ".join(code[3].partition("#")[0].split())
    one = Instruction(int(code[1], 16), len(code[2].split()), file, line,
                      function, text)
    name, _, rest = text.partition(" ")
    if JUMP.fullmatch(name):
        one.jump, one.target = True, int(rest.split()[0], 16)
    return one
