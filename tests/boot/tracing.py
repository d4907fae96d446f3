"""What the registers hold at chosen places of a boot.

QEMU writes its CPU's state to a log each time an instruction at one of the
places is reached; single-stepping makes each instruction a block of its own.
Nothing in the guest is changed for it.
"""

import functools
import pathlib
import re
import struct
import subprocess
import sys

from harness.coverage import single_step
from harness.emulator import HANG
from harness.guard import folder, run
from harness.machine import value
from harness.qemu import BINARY
from harness.recipe import BUILD
from harness.words import defines

RESET_VECTOR = 0xFFFFFFF0
STAGES = ("bootsector", "stage2", "kernel")
# Routines that only pass a call on to the BIOS: who calls them is the caller.
DOORS = ("int13", "read", "disk_bios", "bios_call")
JUMPS = {0xE8: "<h", 0xE9: "<h", 0xEB: "<b"}	# call, jmp, jmp short
FLAGS = {"CF": 0, "ZF": 6, "IF": 9, "DF": 10}	# bits of (R)FLAGS
# The flag that a BIOS call answers with, by its vector; others have none.
ANSWERS = {0x13: "CF", 0x15: "CF", 0x16: "ZF"}


@functools.lru_cache(None)
def symbols(stage):
    """{name: address} of a stage, its local labels among them."""
    listed = subprocess.run(["nm", BUILD / f"{stage}.elf"], check=True,
                            capture_output=True, text=True).stdout
    found = re.findall(r"^([0-9a-f]+) \w (\S+)$", listed, re.M)
    return {name: int(address, 16) for address, name in found}


@functools.lru_cache(None)
def address(name):
    """A label's address, or a range's of layout.h; KeyError: there is none.

    The first stage that has it counts, but for "kernel:gdt".
    """
    if name == "reset":
        return RESET_VECTOR
    only, _, name = name.rpartition(":")
    for stage in STAGES:
        if only in ("", stage) and name in symbols(stage):
            return symbols(stage)[name]
    return defines("layout.h")[name]


def routine(stage, at):
    """The routine that an address lies in."""
    return max((where, name) for name, where in symbols(stage).items()
               if where <= at and "." not in name)[1]


def call_sites(stage):
    """{address: routine} of 16-bit calls and jumps to one of DOORS."""
    code = (BUILD / f"{stage}.bin").read_bytes()
    base = address(f"{stage}_start")
    doors = {symbols(stage)[name] for name in DOORS if name in symbols(stage)}
    sites = {}
    for at in range(len(code) - 3):
        kind = JUMPS.get(code[at])
        if kind is None:
            continue
        offset, = struct.unpack_from(kind, code, at + 1)
        behind = base + at + 1 + struct.calcsize(kind)
        if behind + offset in doors:
            sites[base + at] = routine(stage, base + at)
    return sites


def parse(block):
    """A state of the log as {register: value}, CS.base and flags among them."""
    state = {name: int(value, 16) for name, value in re.findall(
        r"\b([A-Z][A-Z0-9]+)\s*=\s*([0-9a-f]+)\b", block)}
    for name, selector, base in re.findall(
            r"^([CDEFGS]S) =([0-9a-f]{4}) ([0-9a-f]{8,16})", block, re.M):
        state[name] = int(selector, 16)
        state[f"{name}.base"] = int(base, 16)
    flags = state.get("RFL", state.get("EFL", 0))
    state.update({name: flags >> bit & 1 for name, bit in FLAGS.items()})
    for name in ("AX", "BX", "CX", "DX", "SI", "DI", "BP", "SP", "IP"):
        whole = state.get(f"R{name}", state.get(f"E{name}", 0))
        state[f"E{name}"] = whole & 0xFFFFFFFF
        state[name] = whole & 0xFFFF
        if name.endswith("X"):
            state[name[0] + "H"] = whole >> 8 & 0xFF
            state[name[0] + "L"] = whole & 0xFF
    for name in ("GDT", "IDT"):
        base = re.search(rf"^{name}=\s+([0-9a-f]+)", block, re.M)
        state[name] = int(base[1], 16)
    state["CR0.PE"], state["CR0.PG"] = state["CR0"] & 1, state["CR0"] >> 31
    state["EFER.LMA"] = state["EFER"] >> 10 & 1
    return state


def trace(image, places, log):
    """Boot an image that leaves QEMU; [(address, state)] of these places."""
    ranges = ",".join(f"{place:#x}+1" for place in sorted(places))
    status = run(
        [BINARY, "-display", "none", "-no-reboot", "-m", "128M",
         "-serial", "null", "-monitor", "none", "-net", "none",
         "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
         "-drive", f"file={value(image)},format=raw,if=ide,snapshot=on",
         *single_step(BINARY), "-d", "exec,cpu,nochain", "-dfilter", ranges,
         "-D", str(log)],
        stdin=subprocess.DEVNULL, timeout=HANG).returncode
    assert status == 33
    blocks = re.split(r"^Trace .*/([0-9a-f]{16})/[0-9a-f]+/[0-9a-f]+\].*\n",
                      log.read_text(errors="replace"), flags=re.M)
    return [(int(at, 16), parse(block))
            for at, block in zip(blocks[1::2], blocks[2::2])]


class BiosCall:
    """One call: who made it, the vector, the registers before and after."""

    def __init__(self, caller, vector, before):
        self.caller, self.vector, self.before = caller, vector, before
        self.after = None

    def __str__(self):
        return (f"{self.caller}: INT {self.vector:02X}h "
                f"AX={self.before['AX']:04X}h")


def bios_places():
    """The places at which a BIOS call is prepared, made and answered."""
    sites = {**call_sites("bootsector"), **call_sites("stage2")}
    tidy, answered = address("tidy"), address("bios_call.answered")
    return sites, {tidy - 2: "int", answered - 3: "far",
                   tidy: "back", answered: "back"}


def bios_calls(states):
    """The BIOS calls in a trace of bios_places()."""
    sites, doors = bios_places()
    caller, calls = None, []
    for at, state in states:
        if sites.get(at, "bios_call") not in DOORS:
            caller = sites[at]
        door = doors.get(at)
        if door == "int":
            calls.append(BiosCall(caller, 0x13, state))
        elif door == "far":
            calls.append(BiosCall(caller, state["BP"] // 4, state))
        elif door == "back" and calls and calls[-1].after is None:
            calls[-1].after = state
    return calls


def boot(directory, names):
    """Boot the built kernel, and let it make a thread; (BIOS calls,
    {name: state}).

    directory  for the image and the log
    names      places whose first state is wanted, see address()
    """
    image = directory / "traced.img"
    subprocess.run([BUILD / "mkimage", "--kernel", BUILD / "kernel.elf",
                    "--cmdline", "test=threads_return", "-o", image],
                   check=True)
    wanted = {name: address(name) for name in names}
    sites, doors = bios_places()
    states = trace(image, {*sites, *doors, *wanted.values()},
                   directory / "trace.log")
    first = {}
    for at, state in states:
        first.setdefault(at, state)
    return bios_calls(states), {name: first.get(at)
                                for name, at in wanted.items()}


def described(call):
    """A call in one line, with the registers that it has changed."""
    flag = ANSWERS.get(call.vector)
    changed = [f"{flag}={call.after[flag]}"] if flag else []
    changed += [f"{name}={call.after[name]:X}"
                for name in ("EAX", "EBX", "ECX", "EDX", "ESI", "EDI")
                if call.after[name] != call.before[name]]
    return " ".join([
        f"{call.caller:16} INT {call.vector:02X}h ",
        *(f"{name}={call.before[name]:04X}"
          for name in ("AX", "BX", "CX", "DX", "SI", "DI")),
        "->", *(changed or ["nothing"])])


def repeats(lines, start, length):
    """How often the lines from start on come, one time after the other."""
    part, count = lines[start:start + length], 1
    while lines[start + count * length:start + (count + 1) * length] == part:
        count += 1
    return count


def folded(lines, longest=3):
    """[(count, [line])]: what comes several times in a row stands there once;
    up to so many lines may come by turns."""
    found, start = [], 0
    while start < len(lines):
        count, length = max(((repeats(lines, start, length), length)
                             for length in range(1, longest + 1)
                             if start + length <= len(lines)),
                            key=lambda one: ((one[0] - 1) * one[1], -one[1]))
        if count == 1:
            length = 1
        found.append((count, lines[start:start + length]))
        start += count * length
    return found


def main():
    """Print every BIOS call of a boot; with --all also what is repeated."""
    with folder() as directory:
        calls, _ = boot(pathlib.Path(directory), [])
    if sys.argv[1:] == ["--all"]:
        print("\n".join(map(described, calls)))
        return
    parts = folded([described(call) for call in calls])
    for count, lines in parts:
        for number, line in enumerate(lines):
            print(f"{f'{count}x' if count > 1 and not number else '':4}"
                  f"{'+' if number else ' '} {line}")
    print(f"\n{len(calls)} calls. 9x: the line came so often in a row; +: by "
          "turns with the one above.")


if __name__ == "__main__":
    main()
