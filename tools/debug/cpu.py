"""The CPU as it is now: mode, registers, memory. Asked of QEMU once a stop."""

import functools
import re

import gdb

MASK = 2**64 - 1


def number(expression):
    """An expression's value, without sign."""
    value = gdb.parse_and_eval(expression)
    if value.type.code in (gdb.TYPE_CODE_FUNC, gdb.TYPE_CODE_ARRAY):
        value = value.address  # of a name, as C has it
    return int(value) & MASK


def monitor(command):
    return gdb.execute(f"monitor {command}", to_string=True)


@functools.lru_cache(None)
def state():
    """The lines of QEMU's own dump that are this CPU's; "" elsewhere."""
    try:
        dump = monitor("info registers -a")
    except gdb.error:  # another emulator's stub
        return ""
    thread = gdb.selected_thread()
    which = thread.num - 1 if thread else 0
    blocks = re.split(r"^CPU#(\d+)\n", dump, flags=re.M)
    for index, block in zip(blocks[1::2], blocks[2::2]):
        if int(index) == which:
            return block
    return dump


def forget(_event=None):
    """The machine has run, or a register was written."""
    state.cache_clear()


def mode():
    """16, 32 or 64: how the CPU reads code now."""
    code = re.search(r"^CS =.*?\bCS(16|32|64)\b", state(), re.M)
    if code:
        return int(code[1])
    if re.search(r"^CS =", state(), re.M) or not number("$cr0") & 1:
        return 16
    return 64 if number("$efer") >> 10 & 1 else 32


def is_real():
    """Real mode: a segment's base is 16 times what its register holds."""
    return not number("$cr0") & 1


def code_base():
    """What the CPU adds to IP: its copy of CS's base."""
    told = re.search(r"^CS =[0-9a-f]+ ([0-9a-f]+)", state(), re.M)
    if told:
        return int(told[1], 16)
    return number("$cs") * 16 if is_real() else 0


def code_address():
    """Linear address of the next instruction."""
    if mode() == 64:
        return number("$rip")
    return code_base() + (number("$rip") & 0xFFFFFFFF)


def table(name):
    """(base, limit) of GDT or IDT."""
    told = re.search(rf"^{name}=\s*([0-9a-f]+) ([0-9a-f]+)", state(), re.M)
    if not told:
        raise gdb.GdbError("only QEMU tells where its tables are")
    return int(told[1], 16), int(told[2], 16)


def read(address, size):
    """Bytes at a linear address."""
    return gdb.selected_inferior().read_memory(address, size).tobytes()


def read_physical(address, size):
    """Bytes of memory, whatever the page tables say."""
    words = (size + 7) // 8
    told = monitor(f"xp /{words}gx {address:#x}")
    values = re.findall(r"0x([0-9a-f]{16})\b", told)
    if len(values) < words:
        raise gdb.GdbError(f"no memory at {address:#x}")
    return b"".join(int(value, 16).to_bytes(8, "little")
                    for value in values)[:size]


def symbol(address):
    """"name" or "name + 3"; "" where there is none."""
    ask = f"info symbol {address:#x}"
    text = gdb.execute(ask, to_string=True)
    if "[" in text:  # it took main.chs for a name of the language D
        text = gdb.execute(f"with print demangle off -- {ask}", to_string=True)
    return "" if text.startswith("No symbol") else text.split(" in ")[0]


gdb.events.stop.connect(forget)
gdb.events.cont.connect(forget)
gdb.events.register_changed.connect(forget)
