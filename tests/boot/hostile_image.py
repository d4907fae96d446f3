"""The hostile BIOS's disk with its switches set.

tests/hostile/config.inc is the only place that says which switches there
are and where they lie; this reads it.

    python3 tests/boot/hostile_image.py -o hostile.img \\
        entry_flags=ENTRY_DF+ENTRY_GARBAGE trash=0x3F disk_fail_every=7
"""

import argparse
import functools
import os
import pathlib
import re
import struct

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("BUILD", ROOT / "build")).resolve()
CONFIG = ROOT / "tests/hostile/config.inc"
SIZE = 1 << 20		# bytes of the whole disk
KINDS = {"b": "<B", "w": "<H", "d": "<I"}
TABLE_MAX = 300
MAGIC = b"HOSTILE1"


@functools.lru_cache(None)
def config():
    """({field: (offset, struct kind, default)}, {name: value})"""
    fields, names, at = {}, {}, None
    for line in CONFIG.read_text().splitlines():
        code = line.partition(";")[0].strip()
        constant = re.fullmatch(r"(\w+)\s+equ\s+(\w+)", code)
        field = re.fullmatch(r"(\w+):\s+d([bwd])\s+(.+)", code)
        if constant:
            names[constant[1]] = int(constant[2], 0)
        elif field and field[1] == "config_magic":
            at = names["CONFIG_OFFSET"] + len(MAGIC)
        elif field:
            kind = KINDS[field[2]]
            fields[field[1]] = (at, kind, field[3])
            at += struct.calcsize(kind)
    return fields, names


def table():
    """config.inc as the Markdown table of tests/hostile/README.md."""
    lines = ["| switch | value | meaning |", "|---|---|---|"]
    for line in CONFIG.read_text().splitlines():
        code, _, meaning = (part.strip() for part in line.partition(";"))
        constant = re.fullmatch(r"(\w+)\s+equ\s+(\w+)", code)
        field = re.fullmatch(r"(\w+):\s+d([bwd])\s+(.+)", code)
        if constant and constant[1] != "CONFIG_OFFSET":
            lines.append(f"| | `{constant[1]}` | {meaning} |")
        elif field and field[1] not in ("config_magic", "table_offset"):
            lines.append(f"| `{field[1]}` | | {meaning.rstrip(':')} |")
    return "\n".join(lines) + "\n"


def number(value):
    """An int, or names and numbers joined by '+'."""
    if isinstance(value, int):
        return value
    names = config()[1]
    return sum(names[part] if part in names else int(part, 0)
               for part in value.split("+"))


def compose(switches, e820=()):
    """The disk as bytes.

    switches  {field: number or names}; others keep their default
    e820      (base, length, type[, attributes]) for e820_mode=E820_TABLE
    """
    image = bytearray((BUILD / "hostile.img").read_bytes())
    fields, names = config()
    where = names["CONFIG_OFFSET"]
    if image[where:where + len(MAGIC)] != MAGIC:
        raise ValueError("hostile.img and config.inc disagree")
    if e820:
        switches = {"e820_mode": "E820_TABLE", "e820_count": len(e820),
                    **switches}
    for name, value in switches.items():
        offset, kind, _ = fields[name]
        struct.pack_into(kind, image, offset, number(value))
    if len(e820) > TABLE_MAX:
        raise ValueError("the table holds 300 entries")
    offset, kind, _ = fields["table_offset"]
    table = struct.unpack_from(kind, image, offset)[0]
    for entry in e820:
        struct.pack_into("<QQII", image, table, *(entry + (1,))[:4])
        table += 24
    return bytes(image.ljust(SIZE, b"\0"))


def main():
    parser = argparse.ArgumentParser(
        description="Make a disk that is a bad BIOS.",
        epilog="The switches are listed in tests/hostile/README.md.")
    parser.add_argument("-o", metavar="IMG", default="hostile-bios.img")
    parser.add_argument("--table", action="store_true",
                        help="print the table of that README and end")
    parser.add_argument("--e820", action="append", default=[],
                        metavar="BASE,LENGTH,TYPE[,ATTRIBUTES]")
    parser.add_argument("switch", nargs="*", metavar="SWITCH=VALUE")
    arguments = parser.parse_args()
    if arguments.table:
        print(table(), end="")
        return
    e820 = [tuple(int(part, 0) for part in entry.split(","))
            for entry in arguments.e820]
    try:
        switches = dict(word.split("=", 1) for word in arguments.switch)
        image = compose(switches, e820)
    except (KeyError, ValueError) as error:
        parser.error(f"no such switch or value: {error}")
    pathlib.Path(arguments.o).write_bytes(image)


if __name__ == "__main__":
    main()
