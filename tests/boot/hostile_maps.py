"""Memory maps that a hostile BIOS tells, and what they mean."""

import re

PAGE = 4096
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
USABLE, RESERVED, ACPI, NVS, BAD = 1, 2, 3, 4, 5
IGNORED = 0	# attributes without bit 0
NON_VOLATILE = 3
REACH = 1 << 40	# QEMU's TCG and its qemu64 have so many bits (HW-29)
OURS = ("usable", "loader", "kernel", "AP start page")


def merge(ranges):
    merged = []
    for first, end in sorted(ranges):
        if merged and merged[-1][1] >= first:
            merged[-1][1] = max(end, merged[-1][1])
        else:
            merged.append([first, end])
    return merged


def clean_map(text):
    """What the boot report's right column calls RAM, and what lies in it."""
    found = re.findall(r"([0-9a-f]{12})-([0-9a-f]{12}) (\w[\w ]*?) *$", text,
                       re.MULTILINE)
    return merge((int(first, 16), int(end, 16))
                 for first, end, kind in found if kind in OURS)


def meaning(entries, limit=128):
    """Usable whole pages that no other entry touches, but for page 0, as far as
    the CPU reaches."""
    bounds, good, bad = {0, PAGE}, [], [(0, PAGE)]
    for base, length, kind, *attributes in entries[:limit]:
        if not length or attributes == [IGNORED]:
            continue
        end = min(base + length, (1 << 64) - 1)
        if kind == USABLE and attributes != [NON_VOLATILE]:
            low = -(-base // PAGE) * PAGE
            high = min(end // PAGE * PAGE, REACH)
            good.append((low, high))
        else:
            low, high = base // PAGE * PAGE, -(-end // PAGE) * PAGE
            bad.append((low, high))
        bounds |= {low, high}
    edges = sorted(bounds)
    return merge((low, high) for low, high in zip(edges, edges[1:])
                 if any(a <= low and high <= b for a, b in good)
                 and not any(a <= low and high <= b for a, b in bad))


LOW, ROM = (0, 639 * KIB, USABLE), (0xF0000, 64 * KIB, RESERVED)
EBDA, HIGH = (639 * KIB, KIB, RESERVED), (MIB, 62 * MIB, USABLE)
BEYOND = (4 * GIB, (1 << 52) - 4 * GIB, USABLE)
NOWHERE = (16 * GIB, 512 * GIB, USABLE) # no RAM is there
PLAIN = (LOW, EBDA, ROM, HIGH)


def splinters(count, first=()):
    """A map of so many entries: holes of a page every 64 KiB from 8 MiB on."""
    rest = [(8 * MIB + i * 64 * KIB, 60 * KIB, USABLE)
            for i in range(count - len(first))]
    return tuple(first) + tuple(rest)


MAPS = {
    "plain": PLAIN,
    "unsorted": (HIGH, ROM, LOW, EBDA),
    "overlapping": (*PLAIN, (MIB, 16 * MIB, USABLE),
                    (32 * MIB, 8 * MIB, RESERVED),
                    (36 * MIB, 8 * MIB, ACPI),
                    (38 * MIB, 123, BAD), (39 * MIB + 1, 1, NVS)),
    "one entry": ((0, 64 * MIB, USABLE),),
    "128 entries": splinters(128, (LOW, ROM, (MIB, 4 * MIB, USABLE))),
    "300 entries": splinters(300, (LOW, ROM, (MIB, 4 * MIB, USABLE))),
    "zero lengths": ((0, 0, USABLE), LOW, (MIB, 0, RESERVED), HIGH,
                     (2 * MIB, 0, BAD), EBDA, (0, 0, 0)),
    "ignored entries": (LOW, EBDA, (MIB, 62 * MIB, USABLE, 1),
                        (MIB, 8 * MIB, RESERVED, IGNORED),
                        (63 * MIB, MIB, USABLE, IGNORED)),
    "ragged": ((0x17, 0x9F000, USABLE), (MIB - 123, 62 * MIB, USABLE),
               (MIB - 8 * KIB, 4 * KIB + 1, RESERVED),
               (80 * MIB + 1, 100, USABLE)),
    "non-volatile": (*PLAIN, (48 * MIB, MIB, USABLE, NON_VOLATILE),
                     (50 * MIB, MIB, BAD, NON_VOLATILE),
                     (64 * MIB, MIB, ACPI, NON_VOLATILE)),
    "unknown types": (*PLAIN, (48 * MIB, MIB, 7), (50 * MIB, MIB, 12),
                      (52 * MIB, MIB, 0xFFFFFFFF), (54 * MIB, MIB, 0)),
    "high ranges": (*PLAIN, (0xFD00000000, 3 << 32, RESERVED),
                    ((1 << 64) - 64 * KIB, 64 * KIB, RESERVED)),
    "out of reach": (*PLAIN, BEYOND, (1 << 52, MIB, USABLE)),
    "wrapping": (*PLAIN, ((1 << 64) - PAGE, 2 * PAGE, RESERVED)),
    "wrapping RAM": (*PLAIN, ((1 << 64) - PAGE, 2 * PAGE, USABLE)),
}
# How the boot report writes some of their entries.
WRITTEN = {name: (r"^ fffffffffffff000-ffffffffffffffff \w",)
           for name in ("wrapping", "wrapping RAM")}
# Those that are too long.
TRUNCATED = ("300 entries",)
# Those that `make test` also boots with a BIOS that ends them by CF = 1.
ENDED_BY_CF = ("plain", "ragged", "300 entries")
# Those that need the longer form of entries.
WITH_ATTRIBUTES = ("ignored entries", "non-volatile")
