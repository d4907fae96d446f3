"""Any two quirks of a hostile BIOS, in few rows."""

import itertools

from harness.words import message
from hostile import (ALL_TRASH, CLOSED, KEYBOARD, NO_92, NO_BIOS, boots, by,
                     combine, fails)
from hostile_maps import MAPS

# factor -> {value: (switches, facts, e820)}; facts are arguments of by().
FACTORS = {
    "address": {"0": {}, "07C0": {"entry_flags": "ENTRY_07C0"}},
    "registers": {"good": {}, "junk": {"entry_flags": "ENTRY_GARBAGE"},
                  "control": {"entry_flags": "ENTRY_CR"}},
    "flags": {"good": {}, "DF": {"entry_flags": "ENTRY_DF"},
              "IF": {"entry_flags": "ENTRY_IF0"},
              "DF and IF": {"entry_flags": "ENTRY_DF+ENTRY_IF0"}},
    "RAM": {"zero": {}, "CC": {"entry_flags": "ENTRY_CC"}},
    "BPB": {"kept": {}, "FF": {"entry_flags": "ENTRY_BPB"},
            "00": {"entry_flags": "ENTRY_BPB", "entry_bpb": 0}},
    "DL": {"80": {}, **{name: {"entry_drive": int(name, 16)}
                        for name in ("FF", "42", "00", "81")}},
    "trash": {"none": {}, "high": {"trash": "TRASH_HIGH"},
              "low": {"trash": "TRASH_LOW+TRASH_SEGMENTS"},
              "flags": {"trash": "TRASH_DF+TRASH_IF+TRASH_FLAGS"},
              "all": {"trash": ALL_TRASH}},
    "unsupported": {"CF": {}, "iret": {"unsupported": 1}},
    "disk": {"good": {}, "no EDD": {"disk_flags": "DISK_NO_EDD"},
             "EDD fails": {"disk_flags": "DISK_EDD_FAILS+DISK_EATS_COUNT"},
             "no BX": {"disk_flags": "DISK_NO_BX"},
             "no packets": {"disk_flags": "DISK_NO_PACKET+DISK_BOUNDS"},
             "no 48h": {"disk_flags": "DISK_NO_48+DISK_NEEDS_IF"}},
    "sectors": {"512": {}, "2048": {"disk_sector_size": 2048},
                "4096": {"disk_sector_size": 4096}},
    "reads": {"good": {}, "first fails": {"disk_fail_first": 1},
              "first 2 fail": {"disk_fail_first": 2},
              "every 7th fails": {"disk_fail_every": 7},
              "16 at most": {"disk_max_sectors": 16},
              "63 at most": {"disk_max_sectors": 63},
              "short": {"disk_short_from": 2,
                        "disk_flags": "DISK_SHORT_TOLD"}},
    "map": {"own": {}, "unsorted": {"map": "unsorted"},
            "overlapping": {"map": "overlapping"},
            "one entry": {"map": "one entry"},
            "128": {"map": "128 entries", "e820_flags": "E820_EBX_HIGH"},
            "300": {"map": "300 entries"},
            "zeros": {"map": "zero lengths", "e820_flags": "E820_CF_END"},
            "24 bytes": {"map": "ignored entries", "e820_flags": "E820_24"},
            "junk": {"map": "plain",
                     "e820_flags": "E820_ECX_JUNK+E820_EDX_JUNK"},
            "E801": {"e820_mode": "E820_MISSING",
                     "e801_mode": "E801_CX_DX"},
            "88": {"e820_mode": "E820_MISSING",
                   "e801_mode": "E801_MISSING"}},
    "A20": {"open": {}, "BIOS": CLOSED, "port 92h": NO_BIOS,
            "keyboard": {**CLOSED, "a20_bios": "A20_BIOS_LIES",
                         "port_92_mode": "PORT_92_ABSENT"},
            "slow": {**NO_92, "keyboard_mode": "KEYBOARD_SLOW"},
            "no keyboard": {**NO_BIOS, "keyboard_mode": "KEYBOARD_ABSENT"}},
    "video": {"3": {}, "12h": {"entry_video": 0x12},
              "13h": {"entry_video": 0x13}, "mono": {"entry_video": 7},
              "dead": {"video_flags": "VIDEO_DEAD"}},
    "EC00h": {"good": {}, "missing": {"ec00_mode": "EC00_MISSING"},
              "junk": {"ec00_mode": "EC00_JUNK"}},
}


def pairwise(factors):
    """Few rows in which any two values of any two factors meet.

    Greedy, and the same in every run: each row takes the first pair that
    is still missing, then, factor by factor, the value that meets most.
    """
    names = list(factors)
    missing = dict.fromkeys(
        ((a, x), (b, y)) for a, b in itertools.combinations(names, 2)
        for x in factors[a] for y in factors[b])

    def pair(one, other):
        first, second = sorted((one, other),
                               key=lambda part: names.index(part[0]))
        return first, second

    while missing:
        row = dict(next(iter(missing)))
        for name in names:
            if name in row:
                continue
            row[name] = max(factors[name], key=lambda value: sum(
                pair((name, value), part) in missing
                for part in row.items()))
        for one, other in itertools.combinations(row.items(), 2):
            missing.pop(pair(one, other), None)
        yield {name: row[name] for name in names}


def facts(choice):
    """What the report of a combination must say; None: it can't boot."""
    edd = choice["disk"] in ("good", "no 48h")
    if choice["reads"] == "short" and not edd:
        return None	# CHS has no count to believe, so the CRC tells
    a20 = {"open": "was open", "BIOS": "opened by the BIOS",
           "port 92h": "opened by port 92h",
           "no keyboard": "opened by port 92h"}.get(choice["A20"], KEYBOARD)
    source = {"E801": "E801h", "88": "88h"}.get(choice["map"], "E820h")
    said = by("EDD" if edd else "CHS", a20, source)
    if choice["DL"] != "80":
        said += (message("W_DRIVE", int(choice["DL"], 16), 0x80),)
    if choice["map"] == "300":
        said += (message("W_MAP_TRUNCATED"),)
    return said


def special(choice):
    """What is not as it usually is, one string each."""
    return [f"{factor} {value}" for factor, value in choice.items()
            if value != next(iter(FACTORS.get(factor, [""])))]


def combination(choice, factors=FACTORS, prefix="", **more):
    """The row of one combination, named after what is special about it."""
    switches = combine(*(factors[factor][value]
                         for factor, value in choice.items()))
    e820 = MAPS.get(switches.pop("map", None), ())
    name = prefix + ", ".join(special(choice))
    said = facts(choice)
    if said:
        return boots(name, switches, said, e820, **more)
    return fails(name, switches, says=(message("E_BLOB_CRC"),), e820=e820,
                 **more)


IN_TEST = 12
TABLE = [combination(choice, prefix=f"{number}: ", full=number >= IN_TEST)
         for number, choice in enumerate(pairwise(FACTORS))
         if len(special(choice)) > 1]	# else hostile_rows.py has it
