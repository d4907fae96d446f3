"""What gdb lists, in 16-, 32- and 64-bit code, compared with the instructions
that the CPU executed, and with objdump."""

import json
import os
import re
import shutil
import subprocess

import pytest

from harness import guard, recipe
from harness.coverage import single_step
from harness.emulator import HANG
from harness.machine import value
from harness.qemu import BINARY
from harness.recipe import BUILD
from harness.words import ROOT, defines

pytestmark = pytest.mark.skipif(not shutil.which("gdb"), reason="no gdb")

LONGEST = 15  # bytes of an instruction
RECORD = 32  # with NOPs behind it: whatever it is, the next begins a record
MACHINES = {16: "i8086", 32: "i386", 64: "i386:x86-64"}
CS32, CS64 = 1 << 4, 1 << 15  # in QEMU's flags of a block
# The same instruction in the words of ndisasm and of objdump.
SAME = {"jc": "jb", "jnc": "jae", "jz": "je", "jnz": "jne", "jna": "jbe",
        "xlatb": "xlat", "lodsb": "lods", "lodsw": "lods",
        "lodsd": "lods", "stosb": "stos", "stosw": "stos", "stosd": "stos",
        "movsb": "movs", "movsw": "movs", "movsd": "movs", "insb": "ins",
        "cmpsb": "cmps", "cmpsw": "cmps", "cmpsd": "cmps", "scasb": "scas",
        "scasw": "scas", "scasd": "scas", "popaw": "popa", "pushaw": "pusha",
        "popad": "popa", "pushad": "pusha", "repe": "repz", "repne": "repnz",
        "rep": "repz", "sal": "shl", "jnge": "jl", "jng": "jle", "pushd": "push",
        "pushw": "push", "lidtw": "lidt", "lidtd": "lidt", "lgdtw": "lgdt",
        "lgdtd": "lgdt", "movabs": "mov"}


def executed(image, log):
    """{address: bits} of the loader's instructions, in one boot."""
    layout = defines("layout.h")
    first = layout["BOOT_SECTOR_ADDR"]
    os.mkfifo(log)
    with guard.Process(
            [BINARY, "-display", "none", "-no-reboot", "-m", "128M",
             "-serial", "null", "-monitor", "none", "-net", "none",
             "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
             "-drive", f"file={value(image)},format=raw,if=ide,snapshot=on",
             *single_step(BINARY), "-d", "exec,nochain", "-dfilter",
             f"{first:#x}+{layout['STAGE2_END'] - first:#x}", "-D", log],
            stdin=subprocess.DEVNULL) as qemu:
        found = {}
        with open(log, encoding="ascii", errors="replace") as lines:
            for line in lines:
                block = re.match(r"Trace .*/([0-9a-f]{16})/([0-9a-f]+)/", line)
                if block:
                    flags = int(block[2], 16)
                    found[int(block[1], 16)] = (64 if flags & CS64 else
                                                32 if flags & CS32 else 16)
        assert qemu.wait(HANG) == 33
    return found


LIST = """python
import json, re
found = []
for address in json.load(open({addresses!r})):
    text = gdb.execute(f"x/2i {{address}}", to_string=True)
    first, second = [re.match(r"(?:=>)?\\s*0x(\\w+)(?: <[^>]*>)?:\\s*(.*)", line)
                     for line in text.splitlines()]
    code = gdb.selected_inferior().read_memory(address, {longest}).tobytes()
    place = gdb.find_pc_line(address)
    line = f"{{place.symtab.filename}}:{{place.line}}" if place.symtab else ""
    found.append([address, int(second[1], 16) - address, first[2], code.hex(),
                  line])
json.dump(found, open({listed!r}, "w"))
end
"""


def listed(directory, image, place, addresses):
    """[[address, length, text, bytes, FILE:LINE]] by gdb, stopped at a place."""
    asked, told = directory / "addresses", directory / "listed"
    asked.write_text(json.dumps(sorted(addresses)))
    script = directory / "commands"
    script.write_text(LIST.format(addresses=str(asked), listed=str(told),
                                  longest=LONGEST))
    output = guard.run(
        ["sh", "tools/debug/debug.sh", image, "-batch", "-x", script],
        cwd=ROOT, env={**os.environ, "AT": place, "KERNEL":
                       str(BUILD / "kernel.elf"), "DISPLAY": ""}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=HANG).stdout
    assert told.exists(), output
    return json.loads(told.read_text())


def by_objdump(directory, instructions, width):
    """{address: (length, text)} of [(address, bytes)]."""
    path = directory / f"records{width}"
    path.write_bytes(b"".join(code + b"\x90" * (RECORD - LONGEST)
                              for _, code in instructions))
    output = subprocess.run(
        ["objdump", "-D", "-z", "-b", "binary", "-m", MACHINES[width], "-w",
         "-M", "intel", path], check=True, text=True,
        capture_output=True).stdout
    found = {}
    for line in output.splitlines():
        row = re.match(r"\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*\t?(.*)", line)
        if row and int(row[1], 16) % RECORD == 0:
            index = int(row[1], 16) // RECORD
            text = row[3].strip()
            target = re.search(r" 0x([0-9a-f]+)$", text)
            if target and re.match(r"(j|call|loop)", text):
                # relative to where it lies in the file
                moved = (int(target[1], 16) - index * RECORD
                         + instructions[index][0])
                text = text[:target.start()] + f" {moved & 0xFFFFFFFF:#x}"
            found[instructions[index][0]] = len(row[2].split()), text
    return found


def words(text):
    """Mnemonic and jump target, in one assembler's words."""
    text = re.sub(r"<.*>|;.*|#.*", "", text)
    text = " ".join(text.split())
    text = re.sub(r"^(?:(?:o16|o32|a16|a32|data16|addr32|cs|ds|es|ss|fs|gs|"
                  r"bnd|notrack|data32|addr16|rex\.?\w*) )+", "", text)
    found = [SAME.get(word, word) for word in text.split()[:2]
             if re.match(r"[a-z]", word)]
    if found and found[0] not in ("repz", "repnz", "lock"):
        found = found[:1]
    target = re.match(r"(?:j\w+|call|loop\w*) (?:\w+ )?0x([0-9a-f]+)$", text)
    return found, target and int(target[1], 16)


@pytest.fixture(scope="module", name="booted")
def fixture_booted(tmp_path_factory):
    """(image, what of it is executed)"""
    directory = tmp_path_factory.mktemp("executed")
    image = directory / "firstlight.img"
    recipe.mkimage(recipe.Recipe(cmdline="exit"), image)
    return image, executed(image, directory / "log")


@pytest.mark.parametrize("place", ["bootsector", "pm32", "kernel"])
def test_all_that_is_executed_is_listed_rightly(tmp_path, booted, place):
    """Whatever mode the CPU is in when it is asked."""
    image, modes = booted
    assert set(modes.values()) == {16, 32, 64}
    assert len(modes) > 1000
    if place == "bootsector":  # the rest is not loaded yet
        modes = {at: bits for at, bits in modes.items() if at < 0x7E00}
    rows = listed(tmp_path, image, place, modes)
    assert len(rows) == len(modes)
    # NASM's own unit of a file with two sections would cover others' code.
    assert not [row for row in rows if not re.search(r"\.(asm|inc|c|h):\d",
                                                     row[4])]
    wrong = []
    for width in set(modes.values()):
        of_width = [(at, bytes.fromhex(code)) for at, _, _, code, _ in rows
                    if modes[at] == width]
        expected = by_objdump(tmp_path, of_width, width)
        for at, length, text, *_ in rows:
            if modes[at] != width:
                continue
            size, told = expected[at]
            if length != size or words(text) != words(told):
                wrong.append(f"{at:#x} {width}-bit: gdb {length} {text!r}, "
                             f"objdump {size} {told!r}")
    print(len(rows), "addresses")
    assert not wrong, "\n".join(wrong)
