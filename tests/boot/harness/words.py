"""lib/boot/errors.h as text to look for, so that the words live once.

A '%' in a text stands for a number in hexadecimal, a '$' for a string.
"""

import functools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[3]


@functools.lru_cache(None)
def defines(header):
    """{name: value} of a lib/boot header; values are int or str."""
    text = (ROOT / "lib/boot" / header).read_text()
    found = {}
    for name, value in re.findall(
            r"^#define\s+(\w+)\s+('.'|\"[^\"]*\"|\w+)", text, re.MULTILINE):
        if value[0] in "'\"":
            found[name] = value[1:-1]
        else:
            found[name] = int(value, 0) if value[0].isdigit() else value
    return found


def message(name, *numbers):
    """Pattern for an error's or warning's line.

    numbers  what must stand in the places left open, in order: int, a
             pattern, or None for any; those not given match any
    """
    table = defines("errors.h")
    kind = "warning" if name.startswith("W_") else "error"
    pattern = f"firstlight: {kind} {table[name]:X}: "
    given = list(numbers)
    for char in table[name + "_TEXT"]:
        if char in "%$":
            number = given.pop(0) if given else None
            if isinstance(number, int):
                number = f"{number:X}(?![0-9A-Fa-f])"
            pattern += number or ("[0-9A-Fa-f]+" if char == "%" else ".*")
        else:
            pattern += re.escape(char)
    return pattern


def boot_error(name, status=None):
    """Pattern for the boot sector's line: a letter, an INT 13h status."""
    letter = defines("errors.h")[name]
    status = "[0-9A-F]{2}" if status is None else f"{status:02X}"
    return f"Boot error {letter} {status}"


# The letter for a fault inside the report of one.
LETTER = defines("errors.h")["E_FAULT_AGAIN"]
FAULT_AGAIN, FAULT_AGAIN_TWICE = f"^{LETTER}", LETTER * 2

# What ends a boot, wanted or not: no need to wait for anything else then.
READY = r"^firstlight: ready$"
ENDS = [READY, r"firstlight: error [0-9A-F]+: .*", r"Boot error .*",
        r"PANIC.*", r"No bootable device"]
