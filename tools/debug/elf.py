"""Sections and symbols of ELF64 files, read without gdb: its own look-up takes
a name from whichever file comes first."""

import struct

SYMBOLS = 2  # SHT_SYMTAB


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def sections(elf):
    """[(name offset, type, address, offset, size, link, entry size)]"""
    start, = struct.unpack_from("<Q", elf, 40)
    size, count, names = struct.unpack_from("<HHH", elf, 58)
    rows = [struct.unpack_from("<IIQQQQIIQQ", elf, start + i * size)
            for i in range(count)]
    return names, [(row[0], row[1], row[3], row[4], row[5], row[6], row[9])
                   for row in rows]


def text_at(elf, at):
    return elf[at:elf.index(b"\0", at)].decode(errors="replace")


def section(path, wanted):
    """A section's bytes, or None."""
    elf = contents(path)
    names, rows = sections(elf)
    for name, _, _, offset, size, _, _ in rows:
        if text_at(elf, rows[names][3] + name) == wanted:
            return elf[offset:offset + size]
    return None


def symbols(path):
    """{name: value}"""
    elf = contents(path)
    _, rows = sections(elf)
    found = {}
    for _, kind, _, offset, size, link, step in rows:
        if kind == SYMBOLS:
            for at in range(offset, offset + size, step):
                name, value = struct.unpack_from("<I4xQ", elf, at)
                found[text_at(elf, rows[link][3] + name)] = value
    return found
