"""What a hostile BIOS makes end in words: alone, and in a storm of quirks."""

import dataclasses

from booting import Halts
from harness.recipe import Recipe
from harness.words import FAULT_AGAIN, boot_error, message
from hostile import NO_92, PC, SCREEN, STORM, combine, fails, letter
from hostile_maps import (HIGH, KIB, LOW, MIB, NON_VOLATILE, RESERVED, USABLE,
                          splinters)

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
    "map: all from the kernel's range on reserved, to 2^64 and beyond":
        ("E_LOAD_RANGE", (0, MIB), {},
         (LOW, HIGH, (MIB, (1 << 64) - 1, RESERVED))),
    "map: kernel's range keeps what it holds":
        ("E_LOAD_RANGE", (0, MIB), {"e820_flags": "E820_24"},
         (LOW, (MIB, 62 * MIB, USABLE, NON_VOLATILE))),
    "map: kernel's range is a hole":
        ("E_LOAD_RANGE", (0, MIB), {}, (LOW, (16 * MIB, 32 * MIB, USABLE))),
    "map: 300 entries, the kernel's behind the 128th":
        ("E_LOAD_RANGE", (0, MIB), {}, splinters(299, (LOW,)) + (HIGH,)),
    "INT 12h says 64 KiB":
        ("E_LOW_MEMORY", (0x10000,), {"low_memory_k": 64}, ()),
    "INT 12h says 223 KiB":
        ("E_LOW_MEMORY", (223 * KIB,), {"low_memory_k": 223}, ()),
    "EBDA lies low":
        ("E_LOW_MEMORY", (0x37FF0,), {"ebda_segment": 0x37FF}, ()),
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
    # Two drives fail, and the first one is told of (HW-12).
    "DL=81, another disk, and ours is dead":
        ("BS_ERROR_MAGIC", 0, {"entry_drive": 0x81, "disk_dead_after": 16}),
    "DL=81, a damaged copy, and ours is dead":
        ("BS_ERROR_SUM", 0, {"entry_drive": 0x81, "disk_dead_after": 16,
                             "other_drives": "OTHER_DAMAGED"}),
    "DL=8F, no such disk, and ours has sectors of 4,096 bytes":
        ("BS_ERROR_READ", 1, {"entry_drive": 0x8F, "disk_sector_size": 4096,
                              "disk_flags": "DISK_BIG_READS"}),
    "DL=00, no floppy, and nothing can be read":
        ("BS_ERROR_READ", None, {"entry_drive": 0, "disk_fail_first": 255}),
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
UNREAD = {"disk_fail_first": 255}
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
           {**UNREAD, **GHOST}, "BS_ERROR_READ", tells=(LAST,),
           machine=SCREEN),
    letter("boot sector: INT 18h returns",
           {**UNREAD, **GHOST, **AGAIN}, "BS_ERROR_READ",
           tells=(LAST,), machine=SCREEN),
]
ENDINGS += [
    fails("stale keys are no answer", {**DEAD, "key_mode": "KEY_STALE"},
          shows=(message("E_READ"),), tells=(AWAITED,), machine=SCREEN),
    letter("boot sector: stale keys are no answer",
           {**UNREAD, "key_mode": "KEY_STALE"}, "BS_ERROR_READ",
           tells=(AWAITED,), machine=SCREEN),
]
# HW-20: and what goes wrong while that is reported ends.
AGAIN_32 = [
    fails("a fault in a 32-bit window, and another in its report",
          {"entry_flags": "ENTRY_DR",
           "entry_breakpoint": "stage2:copy_up.back_to_real"},
          shows=(FAULT_AGAIN,), machine=SCREEN, visit=Halts(FAULT_AGAIN)),
    fails("a fault in a 32-bit window, and another in its report, no VGA",
          {"entry_flags": "ENTRY_DR",
           "entry_breakpoint": "stage2:copy_up.back_to_real"},
          says=(FAULT_AGAIN,), visit=Halts(FAULT_AGAIN),
          machine=dataclasses.replace(PC, video="none")),
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
    *[fails(f"page 3 is shown, an error on {name}",
            {"disk_dead_after": 16, "disk_flags": "DISK_NO_EDD",
             "entry_page": 3, "video_flags": flags},
            shows=(message("E_READ", 0x80, 0),), machine=SCREEN)
      for name, flags in (("it", 0), ("the page asked for", "VIDEO_BH"))],
    fails("mono: an exception of the kernel", {"entry_video": 7},
          shows=(FAULT,), disk=Recipe(kernel="test/kernels/UD.elf"),
          machine=SCREEN),
    *[fails(f"boot sector: COM1 {name}",
            {**UNREAD, "com1_mode": mode},
            draws=(boot_error("BS_ERROR_READ"),), machine=SCREEN, full=full)
      for name, mode, full in (("is absent", "COM1_ABSENT", False),
                               ("never sends", "COM1_STUCK", True))],
]
TABLE = list(errors()) + ENDINGS + AGAIN_32 + SEEN
