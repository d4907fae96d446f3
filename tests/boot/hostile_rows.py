"""The rows in which the BIOS is hostile, and what each must show.

A row is harness.run.Row with the switches of tests/hostile. SINGLES tries
each switch alone, ERRORS what must end in words, each also with everything
else going wrong at the same time; PAIRS is made so that any two values of
any two FACTORS meet in some row. Other emulators, boards and buses are in
hostile_more.py.
"""

import dataclasses
import functools
import itertools
import json
import pathlib
import re

from harness.machine import Machine
from harness.recipe import Recipe
from harness.run import Row
from harness.words import READY, boot_error, message
from hostile_image import compose

SUCCESS = 33
DISK = "hostile.img"
CRIMES = ("hostile: write function", "hostile: unknown disk function",
          "hostile: A20 will not close", "hostile: the monitor failed",
          "hostile: can't")
STARTED = "^hostile: starting the victim$"


def first_in_qemu(path):
    node = {"driver": "raw", "node-name": "hostile",
            "file": {"driver": "file", "filename": path}}
    return ("-blockdev", json.dumps(node), "-device",
            "ide-hd,drive=hostile,bus=ide.0,bootindex=0")


def first_in_bochs(path):
    return (f"ata0-master: type=disk, path={path}, mode=flat, "
            "cylinders=32, heads=2, spt=32",)


def first_in_v86(path):
    return ({"hda": path},)


# What makes the hostile disk the first one: Machine.extra.
FIRST_DISK = {"qemu": first_in_qemu, "bochs": first_in_bochs,
              "v86": first_in_v86}


@dataclasses.dataclass(frozen=True)
class HostileRow(Row):
    """switches  of config.inc, as (name, value) pairs
    e820      entries of the map it tells
    ignored   numbers of those that must not count
    all_there whether all count, whatever their attributes
    """
    switches: tuple = ()
    e820: tuple = ()
    ignored: tuple = ()
    all_there: bool = False

    def prepare(self, directory):
        path = pathlib.Path(directory) / DISK
        path.write_bytes(compose(dict(self.switches), self.e820))
        return dataclasses.replace(
            self.machine, extra=self.machine.extra +
            FIRST_DISK[self.machine.emulator](str(path)))

    def check(self, run):
        """The map must be what its entries mean."""
        if not self.e820 or "by BIOS E820h" not in run.serial:
            return []
        shown = clean_map(run.serial)
        meant = meaning([entry[:3] if self.all_there else entry
                         for number, entry in enumerate(self.e820)
                         if number not in self.ignored])
        if shown == meant:
            return []
        return [f"usable pages are {shown}, the map means {meant}"]


# ---- Memory maps ----------------------------------------------------------

PAGE = 4096
KIB, MIB = 1 << 10, 1 << 20
USABLE, RESERVED, ACPI, NVS, BAD = 1, 2, 3, 4, 5
IGNORED = 0	# attributes without bit 0
NON_VOLATILE = 3
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
    """Usable whole pages that no other entry touches, but for page 0."""
    bounds, good, bad = {0, PAGE}, [], [(0, PAGE)]
    for base, length, kind, *attributes in entries[:limit]:
        if not length or attributes == [IGNORED]:
            continue
        end = min(base + length, (1 << 64) - 1)
        if kind == USABLE and attributes != [NON_VOLATILE]:
            low, high = -(-base // PAGE) * PAGE, end // PAGE * PAGE
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
    "wrapping": (*PLAIN, ((1 << 64) - PAGE, 2 * PAGE, RESERVED)),
    "wrapping RAM": (*PLAIN, ((1 << 64) - PAGE, 2 * PAGE, USABLE)),
}


WITH_ATTRIBUTES = ("ignored entries", "non-volatile")


# ---- Making rows ----------------------------------------------------------

PC = Machine(bus="second", exit_port=True)
ALL_TRASH = 0xFF
ENTRY_WORST = ("ENTRY_07C0+ENTRY_GARBAGE+ENTRY_DF+ENTRY_IF0+ENTRY_CC+"
               "ENTRY_BPB+ENTRY_CR")
# Everything at once that must not make a difference.
STORM = {"entry_flags": ENTRY_WORST, "trash": ALL_TRASH, "unsupported": 1,
         "ec00_mode": "EC00_JUNK", "disk_flags": "DISK_EATS_COUNT"}


def combine(*settings):
    """Several sets of switches; fields that are bits are joined."""
    joined = {}
    for switches in settings:
        for name, value in switches.items():
            bits = name.endswith("flags") or name == "trash"
            if bits and name in joined:
                value = f"{joined[name]}+{value}"
            joined[name] = value
    return joined


def boots(name, switches, says=(), e820=(), machine=PC, **more):
    """It must boot, with these words in its report."""
    wants_exit = machine.exit_port
    disk = Recipe(cmdline="exit" if wants_exit else "")
    return HostileRow(
        name=f"hostile: {name}", machine=machine,
        disk=more.pop("disk", disk),
        status=SUCCESS if wants_exit else None,
        shows=more.pop("shows", (READY,)),
        tells=(STARTED,), says=tuple(says), never=CRIMES,
        switches=tuple(switches.items()), e820=e820, **more)


def fails(name, switches, shows=(), draws=(), says=(), e820=(), machine=PC,
          **more):
    """It must end in these words, and stay there."""
    return HostileRow(
        name=f"hostile: {name}", machine=machine,
        disk=more.pop("disk", Recipe()),
        shows=tuple(shows), draws=tuple(draws), says=tuple(says),
        tells=(STARTED,) + tuple(more.pop("tells", ())), never=CRIMES + (READY,),
        switches=tuple(switches.items()), e820=e820, **more)


def letter(name, switches, error, status=None, **more):
    """It must end in the boot sector's letter."""
    words = boot_error(error, status)
    return fails(name, switches, says=(words,), draws=(words,), **more)


# ---- Each switch alone ----------------------------------------------------

def by(disk="EDD", a20="was open", source="E820h"):
    return (f"^boot .* by {disk}, .* A20 {a20}$", f"^memory .* by BIOS {source}:")


ENTRY = [boots(f"entry: {name}", {"entry_flags": flags}, by())
         for name, flags in {
             "07C0:0000": "ENTRY_07C0", "garbage": "ENTRY_GARBAGE",
             "DF=1": "ENTRY_DF", "IF=0": "ENTRY_IF0",
             "RAM full of CC": "ENTRY_CC", "BPB overwritten": "ENTRY_BPB",
             "CR0 and CR4 used": "ENTRY_CR",
             "virtual-8086 mode": "ENTRY_V86",
             "all at once": ENTRY_WORST}.items()]
ENTRY += [
    boots("entry: BPB overwritten with 00",
          {"entry_flags": "ENTRY_BPB", "entry_bpb": 0}, by()),
    boots("entry: DL=FF", {"entry_drive": 0xFF},
          (message("W_DRIVE", 0xFF, 0x80), *by())),
    boots("entry: DL=7F", {"entry_drive": 0x7F},
          (message("W_DRIVE", 0x7F, 0x80), *by())),
    letter("entry: DL=00, no floppy", {"entry_drive": 0}, "BS_ERROR_READ"),
    letter("entry: DL=81, another disk", {"entry_drive": 0x81},
           "BS_ERROR_MAGIC", 0),
    letter("entry: DL=8F, no such disk", {"entry_drive": 0x8F},
           "BS_ERROR_READ"),
]

TRASH = [boots(f"calls trash {name}", {"trash": flags}, by())
         for name, flags in {
             "high halves": "TRASH_HIGH", "registers": "TRASH_LOW",
             "segments": "TRASH_SEGMENTS", "DF": "TRASH_DF",
             "IF": "TRASH_IF", "flags": "TRASH_FLAGS",
             "0x4F0..0x5FF": "TRASH_MEMORY", "their stack": "TRASH_STACK",
             "all of it": ALL_TRASH}.items()]
TRASH += [boots("everything at once that may be", STORM, by())]

READS = [
    boots("no EDD", {"disk_flags": "DISK_NO_EDD"}, by("CHS")),
    boots("no EDD, unsupported calls change nothing",
          {"disk_flags": "DISK_NO_EDD", "unsupported": 1}, by("CHS")),
    boots("EDD announced, but failing", {"disk_flags": "DISK_EDD_FAILS"},
          by("CHS")),
    boots("EDD announced, reading by it changes nothing",
          {"disk_flags": "DISK_NO_42", "unsupported": 1}, by("CHS")),
    boots("EDD without packets", {"disk_flags": "DISK_NO_PACKET"},
          by("CHS")),
    boots("EDD answer without BX", {"disk_flags": "DISK_NO_BX"}, by("CHS")),
    boots("EDD without parameters", {"disk_flags": "DISK_NO_48"}, by()),
    *[boots(f"sectors said to be of {size} bytes",
            {"disk_sector_size": size}, by())
      for size in (2048, 4096, 0xFFFF)],
    boots("EDD that eats counts", {"disk_flags": "DISK_EATS_COUNT",
                                   "disk_fail_every": 3}, by()),
    boots("bounds are bounds", {"disk_flags": "DISK_BOUNDS"}, by()),
    boots("bounds are bounds, CHS",
          {"disk_flags": "DISK_BOUNDS+DISK_NO_EDD"}, by("CHS")),
    boots("disks need interrupts", {"disk_flags": "DISK_NEEDS_IF",
                                    "entry_flags": "ENTRY_IF0"}, by()),
    boots("reads close A20", {"disk_flags": "DISK_CLOSES_A20"},
          by(a20="opened by the BIOS")),
    boots("resets fail", {"disk_flags": "DISK_NO_RESET",
                          "disk_fail_every": 2}, by()),
]
READS += [boots(f"first {count} reads fail", {"disk_fail_first": count}, by())
          for count in (1, 2, 3, 5)]
READS += [boots(f"every {count}th read fails", {"disk_fail_every": count},
                by()) for count in (7, 5, 4)]
READS += [boots(f"every 7th read fails, {name}",
                {"disk_fail_every": 7, "disk_flags": flags}, by("CHS"))
          for name, flags in {"no EDD": "DISK_NO_EDD",
                              "EDD fails": "DISK_EDD_FAILS"}.items()]
READS += [boots(f"reads over {count} sectors fail{name}",
                {"disk_max_sectors": count, "disk_flags": flags}, by(method))
          for count in (64, 63, 17, 16, 1)
          for name, flags, method in (("", 0, "EDD"),
                                      (", CHS", "DISK_NO_EDD", "CHS"))]
READS += [boots("short transfers, told",
                {"disk_short_from": 2, "disk_flags": "DISK_SHORT_TOLD"},
                by())]

MEMORY = [boots(f"map: {name}{kind}", {"e820_flags": flags}, by(), entries)
          for name, entries in MAPS.items()
          for kind, flags in (("", "E820_24"), (", CF ends it", "E820_CF_END"))
          if name not in WITH_ATTRIBUTES or flags == "E820_24"]
MEMORY += [boots(f"map: {name}", {"e820_flags": flags}, by(), PLAIN)
           for name, flags in {
               "EBX is 32 bits": "E820_EBX_HIGH",
               "ECX comes back as junk": "E820_ECX_JUNK+E820_24",
               "ECX is junk, 20 bytes": "E820_ECX_JUNK",
               "EDX comes back as junk": "E820_EDX_JUNK",
               "only what changes": "E820_CHANGES"}.items()]
MEMORY += [
    boots("map: no entry has the bit of being there",
          {"e820_flags": "E820_24"}, by(),
          tuple((*entry, IGNORED) for entry in PLAIN), all_there=True),
    boots("map: 300 entries", {}, (message("W_MAP_TRUNCATED"), *by()),
          splinters(300, (LOW, ROM, (MIB, 4 * MIB, USABLE)))),
    boots("map: never ends",
          {"e820_flags": "E820_EBX_STUCK"},
          (message("W_MAP_TRUNCATED"), *by()), (LOW, HIGH)),
    boots("map: entries of 16 bytes are none", {"e820_flags":
          "E820_ECX_SHORT"}, by(), (LOW, (0, 64 * MIB, USABLE), HIGH),
          ignored=(1,)),
    boots("map: ECX comes back as 0", {"e820_flags": "E820_ECX_ZERO",
          "e820_mode": "E820_TABLE"}, by(source="E801h")),
    boots("map: EAX is junk in the middle", {"e820_flags": "E820_EAX_JUNK"},
          by(source="E801h"), (LOW, HIGH)),
    boots("map: CF=1 at the first entry", {"e820_flags": "E820_CF_FIRST"},
          by(source="E801h"), (LOW, HIGH)),
    boots("map: E820 missing", {"e820_mode": "E820_MISSING"},
          by(source="E801h")),
    boots("map: E820 missing, changes nothing",
          {"e820_mode": "E820_MISSING", "unsupported": 1},
          by(source="E801h")),
    boots("map: E801 in CX and DX", {"e820_mode": "E820_MISSING",
          "e801_mode": "E801_CX_DX"}, by(source="E801h")),
    boots("map: E801 in AX and BX", {"e820_mode": "E820_MISSING",
          "e801_mode": "E801_AX_BX"}, by(source="E801h")),
    boots("map: only 88h", {"e820_mode": "E820_MISSING",
          "e801_mode": "E801_MISSING"}, by(source="88h")),
    boots("map: only 88h, others change nothing",
          {"e820_mode": "E820_MISSING", "e801_mode": "E801_MISSING",
           "unsupported": 1}, by(source="88h")),
    boots("INT 12h says just enough", {"low_memory_k": 160}, by()),
    boots("EBDA is just high enough", {"ebda_segment": 0x2800}, by()),
    boots("no EBDA", {"ebda_segment": 0}, by()),
]

CLOSED = {"entry_flags": "ENTRY_A20"}
NO_BIOS = {"entry_flags": "ENTRY_A20", "a20_bios": "A20_BIOS_MISSING"}
NO_92 = {**NO_BIOS, "port_92_mode": "PORT_92_IGNORED"}
KEYBOARD = "opened by the keyboard controller"
GATE = [
    boots("A20: by the BIOS", CLOSED, by(a20="opened by the BIOS")),
    boots("A20: BIOS lacks it", NO_BIOS, by(a20="opened by port 92h")),
    boots("A20: BIOS lacks it and says nothing", {**NO_BIOS,
          "unsupported": 1}, by(a20="opened by port 92h")),
    boots("A20: BIOS lies", {**CLOSED, "a20_bios": "A20_BIOS_LIES"},
          by(a20="opened by port 92h")),
    boots("A20: no port 92h", {**NO_BIOS, "port_92_mode": "PORT_92_ABSENT"},
          by(a20=KEYBOARD)),
    boots("A20: port 92h does nothing", NO_92, by(a20=KEYBOARD)),
    boots("A20: slow keyboard controller",
          {**NO_92, "keyboard_mode": "KEYBOARD_SLOW"}, by(a20=KEYBOARD)),
    boots("A20: stale keys wait",
          {**NO_92, "keyboard_mode": "KEYBOARD_TYPED"}, by(a20=KEYBOARD)),
    boots("A20: no keyboard controller, by port 92h",
          {**NO_BIOS, "keyboard_mode": "KEYBOARD_ABSENT"},
          by(a20="opened by port 92h")),
    boots("A20: hanging keyboard controller, by the BIOS",
          {**CLOSED, "keyboard_mode": "KEYBOARD_HANGS"},
          by(a20="opened by the BIOS")),
    boots("no keyboard controller", {"keyboard_mode": "KEYBOARD_ABSENT"},
          by()),
    boots("no keyboard controller and no port 92h on the board", {}, by(),
          machine=dataclasses.replace(PC, board="pc,i8042=off")),
]

SCREEN = dataclasses.replace(PC, exit_port=False)
VIDEO = [boots(f"video: entered in mode {mode:02X}h", {"entry_video": mode},
               by(), machine=SCREEN)
         for mode in (0x00, 0x01, 0x02, 0x04, 0x06, 0x07, 0x0D, 0x12, 0x13)]
VIDEO += [
    boots("video: INT 10h is dead", {"video_flags": "VIDEO_DEAD"}, by()),
    boots("video: no VGA", {}, by(),
          machine=dataclasses.replace(PC, video="none")),
    boots("video: no VGA and everything at once", STORM, by(),
          machine=dataclasses.replace(PC, video="none")),
    boots("video: stuck in a graphics mode",
          {"video_flags": "VIDEO_STUCK", "entry_video": 0x12}, by()),
    boots("EC00h is unknown", {"ec00_mode": "EC00_MISSING"}, by()),
    boots("EC00h answers junk", {"ec00_mode": "EC00_JUNK"}, by()),
    boots("COM1 is absent to stage 2", {"com1_mode": "COM1_ABSENT"}, by()),
    boots("COM1 never sends in stage 2", {"com1_mode": "COM1_STUCK"}, by()),
]

PROTOCOL = Recipe(kernel="test/kernels/protocol.elf", cmdline="a b",
                  modules=("boot/image.inc",) * 2)
ACPI_TABLES = [
    boots(f"RSDP: {name}", {"rsdp_mode": mode},
          (f"^protocol: RSDP in the {where}$",), disk=PROTOCOL,
          shows=("^protocol: kept$",))
    for name, mode, where in (
        ("in the ROM", "RSDP_OWN", "ROM"),
        ("in the EBDA", "RSDP_EBDA", "EBDA"),
        ("a damaged one in the EBDA", "RSDP_DAMAGED", "ROM"))]

KEPT = [
    boots(f"protocol: {name}", switches, ("^protocol: kept$",),
          disk=PROTOCOL, shows=("^protocol: kept$",))
    for name, switches in (
        ("registers of junk", {"entry_flags": "ENTRY_GARBAGE+ENTRY_DF"}),
        ("control registers used", {"entry_flags": "ENTRY_CR"}),
        ("everything at once", STORM))]

SINGLES = ENTRY + TRASH + READS + MEMORY + GATE + VIDEO + ACPI_TABLES + KEPT


# ---- What must end in words -----------------------------------------------

NO_MAP = {"e820_mode": "E820_MISSING", "e801_mode": "E801_MISSING",
          "memory_88_mode": "MEMORY_88_MISSING"}
WORDS = {
    "A20: all broken, keyboard controller absent":
        ("E_A20", (), {**NO_92, "keyboard_mode": "KEYBOARD_ABSENT"}, ()),
    "A20: all broken, keyboard controller hangs":
        ("E_A20", (), {**NO_92, "keyboard_mode": "KEYBOARD_HANGS"}, ()),
    "A20: all broken, keyboard controller ignores it":
        ("E_A20", (), {**NO_92, "keyboard_mode": "KEYBOARD_IGNORES"}, ()),
    "A20: all broken, no port 92h":
        ("E_A20", (), {**NO_92, "port_92_mode": "PORT_92_ABSENT",
                       "keyboard_mode": "KEYBOARD_ABSENT"}, ()),
    "map: nobody tells": ("E_NO_MAP", (), NO_MAP, ()),
    "map: 88h says 0":
        ("E_NO_MAP", (), {**NO_MAP, "memory_88_mode": "MEMORY_88_ZERO"}, ()),
    # HW-25
    "map: kernel's range reserved":
        ("E_LOAD_RANGE", (0, MIB), {},
         (LOW, HIGH, (MIB + 8 * KIB, 1, RESERVED))),
    "map: kernel's range is a hole":
        ("E_LOAD_RANGE", (0, MIB), {}, (LOW, (16 * MIB, 32 * MIB, USABLE))),
    "map: 300 entries, the kernel's behind the 128th":
        ("E_LOAD_RANGE", (0, MIB), {}, splinters(299, (LOW,)) + (HIGH,)),
    "INT 12h says 64 KiB":
        ("E_LOW_MEMORY", (0x10000,), {"low_memory_k": 64}, ()),
    "INT 12h says 159 KiB":
        ("E_LOW_MEMORY", (159 * KIB,), {"low_memory_k": 159}, ()),
    "EBDA lies low":
        ("E_LOW_MEMORY", (0x10000,), {"ebda_segment": 0x1000}, ()),
    "the disk dies": ("E_READ", (0x80, None, 0x80), {"disk_dead_after": 50},
                      ()),
    "the disk dies, CHS":
        ("E_READ", (0x80, None, 0x80),
         {"disk_dead_after": 50, "disk_flags": "DISK_NO_EDD"}, ()),
    # The boot sector reads 16, and stage 2 asks how to go on.
    "the disk dies before stage 2 reads, CHS":
        ("E_READ", (0x80, 0, 0x80),
         {"disk_dead_after": 16, "disk_flags": "DISK_NO_EDD"}, ()),
    "geometry is lost when EDD fails":
        ("E_READ", (0x80,), {"disk_dead_after": 50,
                             "disk_flags": "DISK_ZERO_SPT"}, ()),
    "short transfers":
        ("E_BLOB_CRC", (0,), {"disk_short_from": 2}, ()),
    # HW-20: what goes wrong in a 32-bit window is reported.
    "firmware's breakpoint at 1 MiB":
        ("E_FAULT_32", (1, None, 0), {"entry_flags": "ENTRY_DR"}, ()),
    "short transfers, CHS":
        ("E_BLOB_CRC", (0,), {"disk_short_from": 2,
                              "disk_flags": "DISK_NO_EDD"}, ()),
}
LETTERS = {
    "no EDD, no geometry":
        ("BS_ERROR_READ", 1, {"disk_flags": "DISK_NO_EDD+DISK_NO_08"}),
    "EDD fails, 0 sectors per track":
        ("BS_ERROR_READ", 1, {"disk_flags": "DISK_EDD_FAILS+DISK_ZERO_SPT"}),
    "EDD fails, CHS fails otherwise":
        ("BS_ERROR_READ", 1, {"disk_flags": "DISK_EDD_FAILS",
                              "disk_fail_first": 255}),
    "nothing can be read": ("BS_ERROR_READ", 0x10, {"disk_fail_first": 255}),
    "one read too many fails": ("BS_ERROR_READ", 0x10, {"disk_fail_first": 6}),
    "a medium of 4,096-byte sectors":
        ("BS_ERROR_MAGIC", 0, {"disk_sector_size": 4096,
                               "disk_flags": "DISK_BIG_READS"}),
    "every transfer is short": ("BS_ERROR_MAGIC", 0, {"disk_short_from": 1}),
}


def errors():
    for name, (code, numbers, switches, e820) in WORDS.items():
        for storm, more in (("", {}), (" in a storm", STORM)):
            yield fails(f"{name}{storm}", combine(switches, more),
                        shows=(message(code, *numbers),), e820=e820,
                        machine=SCREEN)
    for name, (error, status, switches) in LETTERS.items():
        for storm, more in (("", {}), (" in a storm", STORM)):
            if storm and error == "BS_ERROR_MAGIC" and \
                    "disk_short_from" in switches:
                continue	# what lies there then is anybody's guess
            yield letter(f"{name}{storm}", combine(switches, more), error,
                         status, machine=SCREEN)


DEAD = {"disk_dead_after": 50}
GHOST = {"key_mode": "KEY_GHOST"}
AGAIN = {"int18_mode": "INT18_RETURNS"}
LAST = "^hostile: INT 18h$"
AWAITED = "^hostile: a key is awaited$"
ENDINGS = [
    fails("a key leads to INT 18h", {**DEAD, **GHOST}, tells=(LAST,),
          shows=(message("E_READ"),), machine=SCREEN),
    fails("INT 18h returns: reboot", {**DEAD, **GHOST, **AGAIN},
          tells=(LAST,), shows=(message("E_READ"),), status=0,
          machine=SCREEN),
    letter("boot sector: a key leads to INT 18h",
           {"entry_drive": 0x81, **GHOST}, "BS_ERROR_MAGIC", tells=(LAST,),
           machine=SCREEN),
    letter("boot sector: INT 18h returns",
           {"entry_drive": 0x81, **GHOST, **AGAIN}, "BS_ERROR_MAGIC",
           tells=(LAST,), machine=SCREEN),
]
ENDINGS += [
    fails("stale keys are no answer", {**DEAD, "key_mode": "KEY_STALE"},
          shows=(message("E_READ"),), tells=(AWAITED,), machine=SCREEN),
    letter("boot sector: stale keys are no answer",
           {"entry_drive": 0x81, "key_mode": "KEY_STALE"}, "BS_ERROR_MAGIC",
           tells=(AWAITED,), machine=SCREEN),
]
TOO_MANY = splinters(299, (LOW,)) + (HIGH,)
FAULT = message("E_FAULT", "#UD invalid opcode", MIB)
SEEN = [
    fails("a warning, then an error", {"entry_drive": 0xFF, **DEAD},
          shows=(message("W_DRIVE", 0xFF, 0x80), message("E_READ")),
          machine=SCREEN),
    fails("too many map entries, then an error", {},
          shows=(message("W_MAP_TRUNCATED", 128), message("E_LOAD_RANGE")),
          e820=TOO_MANY, machine=SCREEN),
    fails("mono: an exception of the kernel", {"entry_video": 7},
          shows=(FAULT,), disk=Recipe(kernel="test/kernels/UD.elf"),
          machine=SCREEN),
    *[fails(f"boot sector: COM1 {name}",
            {"entry_drive": 0, "com1_mode": mode},
            draws=(boot_error("BS_ERROR_READ"),), machine=SCREEN, full=full)
      for name, mode, full in (("is absent", "COM1_ABSENT", False),
                               ("never sends", "COM1_STUCK", True))],
]
ERRORS = list(errors()) + ENDINGS + SEEN


# ---- Any two --------------------------------------------------------------

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
    "DL": {"80": {}, "FF": {"entry_drive": 0xFF}, "42": {"entry_drive": 0x42}},
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
    return said


@functools.lru_cache(None)
def pairs():
    rows = []
    for number, choice in enumerate(pairwise(FACTORS)):
        switches = combine(*(FACTORS[name][value]
                             for name, value in choice.items()))
        e820 = MAPS.get(switches.pop("map", None), ())
        name = ", ".join(f"{name} {value}" for name, value in choice.items()
                         if value != next(iter(FACTORS[name])))
        full = number >= PAIRS_IN_TEST
        name, said = f"{number}: {name}", facts(choice)
        if said:
            rows.append(boots(name, switches, said, e820, full=full))
        else:
            rows.append(fails(name, switches, says=(message("E_BLOB_CRC"),),
                              e820=e820, full=full))
    return rows


PAIRS_IN_TEST = 12


def rows():
    """All of them, in a fixed order, each name once."""
    return SINGLES + ERRORS + pairs()
