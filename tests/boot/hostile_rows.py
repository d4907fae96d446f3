"""Each switch of a hostile BIOS alone: what must boot all the same."""

import dataclasses

from harness.recipe import Recipe
from harness.words import READY, defines, message
from hostile import (ALL_TRASH, CLOSED, ENTRY_WORST, KEYBOARD, NO_92, NO_BIOS,
                     PC, SCREEN, STORM, boots, by, letter)
from hostile_maps import (BEYOND, ENDED_BY_CF, HIGH, IGNORED, LOW, MAPS, MIB,
                          NOWHERE, PLAIN, TRUNCATED, USABLE, WITH_ATTRIBUTES,
                          WRITTEN)

# What the loader needs of low memory, from 0 on.
LOW_NEEDED = defines("layout.h")["LOADER_DATA_END"]

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
    # Believed, and not the boot drive: the first disk comes second.
    *[boots(f"entry: DL={drive:02X}, {name}", {"entry_drive": drive, **more},
            (message("W_DRIVE", drive, 0x80), *by()))
      for drive, name, more in (
          (0x00, "no floppy", {}),
          (0x0F, "no such floppy", {}),
          (0x8F, "no such disk", {}),
          (0x81, "another disk", {}),
          (0x81, "a damaged copy", {"other_drives": "OTHER_DAMAGED"}),
          (0x00, "a damaged copy", {"other_drives": "OTHER_DAMAGED"}))],
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
    boots("no EDD, geometry only with ES:DI = 0:0",
          {"disk_flags": "DISK_NO_EDD+DISK_08_AT_0", "trash": ALL_TRASH},
          by("CHS")),
    boots("EDD announced, but failing", {"disk_flags": "DISK_EDD_FAILS"},
          by("CHS")),
    boots("EDD announced, reading by it changes nothing",
          {"disk_flags": "DISK_NO_42", "unsupported": 1}, by("CHS")),
    boots("EDD without packets", {"disk_flags": "DISK_NO_PACKET"},
          by("CHS")),
    boots("EDD answer without BX", {"disk_flags": "DISK_NO_BX"}, by("CHS")),
    *[boots(f"42h lies, and 41h has {name}", switches, by("CHS"))
      for name, switches in {
          "CF=1": {"edd_flags": "EDD_42_NOTHING+EDD_41_CF"},
          "no BX": {"edd_flags": "EDD_42_NOTHING",
                    "disk_flags": "DISK_NO_BX"},
          "no packets": {"edd_flags": "EDD_42_NOTHING",
                         "disk_flags": "DISK_NO_PACKET"}}.items()],
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

TOO_MANY = (message("W_MAP_TRUNCATED"),)
MEMORY = [boots(f"map: {name}{kind}", {"e820_flags": flags},
                TOO_MANY * (name in TRUNCATED) + WRITTEN.get(name, ()) +
                by(), entries,
                full=flags == "E820_CF_END" and name not in ENDED_BY_CF)
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
    boots("map: RAM that the CPU cannot reach is not handed out, all the rest "
          "is (HW-29)",
          {"e820_flags": "E820_24"},
          (r"^ +4396972769280 KiB more lie above 0x10000000000, which "
           r"this CPU\s+cannot address$", "^ok .* - frames_are_mapped$",
           "^ok .* - frames_to_the_last$"),
          (*PLAIN, BEYOND), disk=Recipe(cmdline="test=frames_"),
          shows=("^# 4 passed, 0 failed$",)),
    boots("map: RAM that is not there is not handed out (HW-54)",
          {"e820_flags": "E820_24"},
          ("^ok .* - frames_to_the_last$",), (*PLAIN, NOWHERE),
          disk=Recipe(cmdline="test=frames_to_the_last"),
          shows=("^# 1 passed, 0 failed$",)),
    boots("map: no entry has the bit of being there",
          {"e820_flags": "E820_24"}, by(),
          tuple((*entry, IGNORED) for entry in PLAIN), all_there=True),
    boots("map: never ends",
          {"e820_flags": "E820_EBX_STUCK"},
          TOO_MANY + by(), (LOW, HIGH)),
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
    boots("INT 12h says just enough", {"low_memory_k": LOW_NEEDED // 1024},
          by()),
    boots("EBDA is just high enough", {"ebda_segment": LOW_NEEDED // 16},
          by()),
    boots("no EBDA", {"ebda_segment": 0}, by()),
    boots("a printer's port where the EBDA is told", {"ebda_segment": 0x3BC},
          by()),
    boots("a printer's port where the EBDA is told, no E820",
          {"ebda_segment": 0x3BC, "e820_mode": "E820_MISSING"},
          by(source="E801h")),
]

GATE = [
    boots("a key is told of that nobody pressed (HW-51)",
          {"key_mode": "KEY_PHANTOM"}, by()),
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

VIDEO = [boots(f"video: entered in mode {mode:02X}h", {"entry_video": mode},
               by(), machine=SCREEN, full=mode in (0x01, 0x06, 0x0D))
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

# A kernel that writes where text memory begins, and asks no more.
FOREIGN = {"disk": Recipe(kernel="test/kernels/foreign-kernel.elf"),
           "machine": SCREEN, "shows": (),
           "draws": ("^Hello from a kernel of your own",)}
ASTRAY = {
    "page 3 is shown": {"entry_page": 3},
    "video memory is shown from cell 5000 on": {"entry_start": 5000},
    "a VBE mode of 640x480": {"entry_vbe": 0x101},
    "a VBE mode of 800x600, whose low byte is 3": {"entry_vbe": 0x4103},
    "a VBE mode of 1024x768": {"entry_vbe": 0x4118},
}
VIDEO += [boots("video: text drawn on 128 columns",
                {"video_flags": "VIDEO_WIDE"}, (READY, *by()), machine=SCREEN,
                shows=(message("W_NO_TEXT"),))]
VIDEO += [boots(f"video: {name}", switches, by(), machine=SCREEN)
          for name, switches in ASTRAY.items()]
VIDEO += [boots(f"video: {name}, foreign kernel", switches, **FOREIGN)
          for name, switches in ASTRAY.items()]

PROTOCOL = Recipe(kernel="test/kernels/protocol.elf", cmdline="a b",
                  modules=("boot/image.inc",) * 2)
ACPI_TABLES = [
    boots(f"RSDP: {name}", {"rsdp_mode": mode},
          (f"^protocol: RSDP in the {where}$",), disk=PROTOCOL,
          shows=("^protocol: kept$",))
    for name, mode, where in (
        ("in the ROM", "RSDP_OWN", "ROM"),
        ("in the EBDA", "RSDP_EBDA", "EBDA"),
        ("a damaged one in the EBDA", "RSDP_DAMAGED", "ROM"),
        ("half a name in the EBDA", "RSDP_MISNAMED", "ROM"))]

KEPT = [
    boots(f"protocol: {name}", switches, ("^protocol: kept$",),
          disk=PROTOCOL, shows=("^protocol: kept$",))
    for name, switches in (
        ("registers of junk", {"entry_flags": "ENTRY_GARBAGE+ENTRY_DF"}),
        ("control registers used", {"entry_flags": "ENTRY_CR"}),
        ("everything at once", STORM))]

TABLE = ENTRY + TRASH + READS + MEMORY + GATE + VIDEO + ACPI_TABLES + KEPT
