"""x/i, disassemble and layout asm, right in 16-, 32- and 64-bit code.

gdb's own disassembler reads everything as 64-bit code. From gdb 13 on, ours
answers in its place, in every front end: with ndisasm's words for 16 and 32
bits, with gdb's own for 64. Before, x16 and n16 have to be asked.
"""

import functools
import os
import re
import subprocess

import gdb

import bits
import cpu

try:
    import gdb.disassembler
    EVERYWHERE = True
except ImportError:  # gdb 12 and before
    EVERYWHERE = False

LONGEST = 15  # bytes of an instruction
# In real mode gdb's $pc is IP without CS: this near to it, its addresses are.
NEAR = 0x200
TARGET = r"^(?:[ao](?:16|32) )*(?:j\w+|call|loop\w*) (?:\w+ )?(0x[0-9a-f]+)$"


# What need not go on to the instruction behind it.
JUMPS = r"(?:[ao](?:16|32) )*(?:j\w+|loop\w*|i?ret\w*|sys\w+|hlt)\b"


def ndisasm(memory, address, width):
    """[(length, text)] of the instructions in memory."""
    tool = [os.environ.get("NDISASM", "ndisasm"),
            "-b", str(width), "-o", hex(address), "-"]
    try:
        output = subprocess.run(tool, input=memory, stdout=subprocess.PIPE,
                                check=True).stdout.decode()
    except FileNotFoundError as error:
        raise gdb.GdbError("no ndisasm here; it comes with nasm") from error
    found = []
    for line in output.splitlines():
        if line.startswith(" "):  # more bytes of the one before: "  -0000"
            length, text = found[-1]
            found[-1] = length + len(line.strip(" -")) // 2, text
        else:
            _, code, text = line.split(None, 2)
            found.append((len(code) // 2, text))
    return found


@functools.lru_cache(4096)
def decoded(memory, address, width):
    """The instruction that memory begins with: (length, text)."""
    return ndisasm(memory, address, width)[0]


def with_names(text, base):
    """A jump's target as a name, too, as gdb's own disassembler has it."""
    target = re.search(TARGET, text)
    name = target and cpu.symbol(base + int(target[1], 0))
    return f"{text} <{name.replace(' ', '')}>" if name else text


def memory_at(address, size=LONGEST):
    """As many bytes as there are, up to size."""
    while True:
        try:
            return cpu.read(address, size)
        except gdb.MemoryError:
            size -= 1
            if not size:
                raise


def base_of(address):
    """What to add to an address that gdb made of $pc: in real mode, CS * 16.

    Addresses of symbols are far from IP where CS is not 0, or they are meant.
    """
    base = cpu.code_base() if cpu.is_real() else 0
    ip = cpu.number("$rip") & 0xFFFF
    return base if base and abs(address - ip) <= NEAR else 0


def instruction(address, base=0):
    """(length, text) of 16- or 32-bit code; None: gdb's own is right."""
    width = bits.at(base + address)
    if width == 64:
        return None
    length, text = decoded(memory_at(base + address), address, width)
    return length, with_names(text, base)


if EVERYWHERE:
    class Listing(gdb.disassembler.Disassembler):
        """gdb asks it before its own."""

        def __init__(self):
            super().__init__("firstlight")

        def __call__(self, info):
            address = info.address & cpu.MASK  # gdb 13 has it with a sign
            base = base_of(address)
            known = instruction(address, base)
            if not known:
                return None
            length, text = known
            if base:
                text += f"\t; at {base + address:#x}"
            return gdb.disassembler.DisassemblerResult(length, text)

    gdb.disassembler.register_disassembler(Listing())


def show(address, count, names=True):
    """Address, bytes, instruction, name; the next one to come is marked."""
    for at, length, text in listed(address, count):
        mark = "=>" if at == cpu.code_address() else "  "
        code = cpu.read(at, length).hex().upper()
        name = cpu.symbol(at) if names else ""
        print(f"{mark} {at:08X}  {code:16} {text:24} {name}".rstrip())


def show_next():
    """Below a line of mode, which has the name."""
    show(cpu.code_address(), 1, names=False)


def listed(address, count):
    """[(address, length, text)] from a linear address on, in the way that
    bits.at() says."""
    lines = []
    for _ in range(count):
        known = instruction(address)
        if known:
            length, text = known
        else:
            frame = gdb.selected_frame().architecture()
            one = frame.disassemble(address)[0]
            length, text = one["length"], one["asm"]
        lines.append((address, length, text))
        address += length
    return lines


class X16(gdb.Command):
    """x16 [ADDRESS [COUNT]] - disassemble, in 16- and 32-bit code, too.

    From linear ADDRESS, else from the next instruction on. From gdb 13 on
    x/8i $pc does the same."""

    def __init__(self):
        super().__init__("x16", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        words = gdb.string_to_argv(argument)
        address = cpu.number(words[0]) if words else cpu.code_address()
        count = int(words[1]) if len(words) > 1 else 8
        show(address, count)


def run_until(address):
    gdb.execute(f"thbreak *{address:#x}", to_string=True)
    gdb.execute("continue", to_string=True)


class N16(gdb.Command):
    """n16 [COUNT] - step one instruction, over calls, BIOS calls and repeated
    ones, in 16- and 32-bit code, too. gdb's ni stops in what is called."""

    def __init__(self):
        super().__init__("n16", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        for _ in range(int(argument or 1)):
            (_, _, text), (after, _, _) = listed(cpu.code_address(), 2)
            if re.match(r"(?:[ao](?:16|32) )*(?:call|int|rep\w*)\b", text):
                run_until(after)
                continue
            gdb.execute("stepi", to_string=True)
            if not re.match(JUMPS, text) and cpu.code_address() != after:
                run_until(after)  # an interrupt came between the two
        gdb.execute("mode")
        show_next()


class Mode(gdb.Command):
    """mode - how the CPU reads code now, and where it is."""

    def __init__(self):
        super().__init__("mode", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        at = cpu.code_address()
        print(f"{cpu.mode()}-bit, cs:ip {cpu.number('$cs'):04x}:"
              f"{cpu.number('$rip'):04x} = {at:#x} {cpu.symbol(at)}".rstrip())


last_mode = None


def note_mode(_event):
    """gdb's own commands say nothing of it: code of another width begins."""
    global last_mode
    try:
        mode = cpu.mode()
    except gdb.error:  # another emulator's stub
        return
    if last_mode not in (None, mode):
        print(f"(from {last_mode}-bit to {mode}-bit code)")
    last_mode = mode


for command in (X16, N16, Mode):
    command()
gdb.events.stop.connect(note_mode)
if not EVERYWHERE:
    print("This gdb disassembles only 64-bit code rightly (gdb 13 and later"
          " all of it): in 16- and 32-bit code ask x16, not x/i.")
