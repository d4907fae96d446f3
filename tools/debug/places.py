"""Where to stop: names for places of a boot, and what comes next."""

import re

import gdb

import cpu

BOOT_SECTOR = 0x7C00

# What AT= may be besides a symbol: by the code's own labels.
NAMED = {"bootsector": "bootsector_start", "stage2": "stage2_start",
         "pm32": "protected_mode.code32", "long": "long_mode_start",
         "c64": "stage2_main", "kernel": "kernel_main"}
# Where one stage hands over to the next: "c" goes to the next of them.
BOUNDARIES = (
    ("stage2_start", "stage 2, 16-bit"),
    ("stage2_main", "stage 2, 64-bit C"),
)


def address_of(text):
    """Of a place's name, a symbol, FILE:LINE, *EXPRESSION or a number."""
    text = NAMED.get(text, text)
    if re.fullmatch(r"\*.+|0x[0-9a-fA-F]+|[0-9]+", text):
        return cpu.number(text.lstrip("*"))
    if re.fullmatch(r"[\w.$]+", text):
        # Not behind a prologue, which gdb looks for even where there is none.
        return label(text)
    try:
        places = gdb.decode_line(text)[1]
    except gdb.error as error:
        raise gdb.GdbError(f"{text}: {error}") from error
    return places[0].pc


def label(name):
    """A label's address, whatever lies there. NASM's local labels have a dot,
    which gdb takes for a member."""
    try:
        return cpu.number(f"(long)&'{name}'")
    except gdb.error as error:
        raise gdb.GdbError(
            f"no {name} here: a symbol, FILE:LINE, an address, or one of "
            + " ".join(NAMED)) from error


# Numbers of the breakpoints that "boundaries" made.
handovers = set()


def stop_at(address):
    """A breakpoint for one stop; its number."""
    gdb.execute(f"thbreak *{address:#x}", to_string=True)
    return max(breakpoint.number for breakpoint in gdb.breakpoints())


def run_to(text):
    """Go on until the CPU comes there, or to a breakpoint of the user's."""
    address = address_of(text)
    if address == cpu.code_address():
        show_line()
        return
    stop_at(address)
    passed = [one for one in gdb.breakpoints() if one.number in handovers]
    for handover in passed:
        handover.enabled = False
    gdb.execute("continue", to_string=True)
    for handover in passed:
        handover.enabled = True


def kernel_entry():
    """The main file's entry point, or None."""
    if not gdb.current_progspace().filename:
        return None
    told = gdb.execute("info files", to_string=True)
    entry = re.search(r"Entry point: (0x[0-9a-f]+)", told)
    return int(entry[1], 16) if entry else None


def show_line():
    """The source line, where gdb has not shown it: nothing has run."""
    if cpu.code_base() == 0:  # or gdb takes IP for an address
        gdb.execute("frame")


def in_kernel():
    """The loader lies below 1 MiB, kernels above."""
    return cpu.mode() == 64 and cpu.code_address() >= 1 << 20


class Boundaries(gdb.Command):
    """boundaries [PASSED]... - stop wherever one stage hands over to the next.

    PASSED: the names of those that the boot has passed."""

    def __init__(self):
        super().__init__("boundaries", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, from_tty):
        passed = argument.split()
        for name, what in BOUNDARIES:
            if name in passed:
                continue
            try:
                address = label(name)
            except gdb.GdbError:
                continue  # another loader's, or symbols are missing
            handovers.add(stop_at(address))
            print(f"  {address:#9x}  {name:14} {what}")
        entry = kernel_entry()
        if entry is not None and not in_kernel():
            handovers.add(stop_at(entry))
            print(f"  {entry:#9x}  {cpu.symbol(entry):14} the kernel's entry")


class At(gdb.Command):
    """at PLACE - go on until the CPU comes there: a symbol, FILE:LINE, a
    number, or bootsector, stage2, pm32, long, c64, kernel.

    Only forward: to a place that the boot has passed, tbreak PLACE, then
    reverse-continue."""

    def __init__(self):
        super().__init__("at", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        run_to(argument)
        gdb.execute("mode")


for command in (Boundaries, At):
    command()
