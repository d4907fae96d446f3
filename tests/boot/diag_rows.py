"""The boot matrix's diagnostics: paged through on machines of many kinds.

Each row starts them in one of the ways there are, presses keys until they
end, reads every page on the serial line and on the screen, and boots on. A
table like matrix.py; test_diag.py has what no page shows.
"""

import dataclasses

from emulators import OTHER_BIOS, V86
from harness.diagnostics import Visit
from harness.machine import Machine
from harness.recipe import Recipe
from harness.run import Row
from harness.words import READY, message
from hostile import CRIMES, NO_92, NO_BIOS, PC, STARTED, STORM, HostileRow
from hostile_maps import LOW, splinters


def case(name, says, machine=Machine(), keys="serial", disk=Recipe(),
         ends=READY, asks="", full=False):
    """A row; see Visit for says, keys and asks.

    ends  what comes behind them
    """
    disk = dataclasses.replace(disk, cmdline="" if asks else "diag")
    return Row(f"diag: {name}", machine, disk, shows=(ends,), full=full,
               visit=Visit(says, keys, asks))


def bad_bios(name, says, switches, e820=(), ends=READY, machine=PC,
             keys="serial", full=False):
    """The same under a hostile BIOS."""
    machine = dataclasses.replace(machine, exit_port=False)
    return HostileRow(
        f"diag: hostile: {name}", machine, Recipe(cmdline="diag"),
        shows=(ends,), tells=(STARTED,), never=CRIMES,
        visit=Visit(says, keys), switches=tuple(switches.items()), e820=e820,
        full=full)


HARD_DISK = (r"^Drive +80h, DL as the BIOS gave it$",
             r"^EDD +version 3.0 \(30h\), support 7h: packets",
             r"^LBA 0 by EDD +read$", r"^LBA 0 by CHS +read$",
             r"^03h to 59h +as on disk")
FLOPPY = (r"^Drive +00h, DL as the BIOS gave it$", r"^EDD +not there",
          r"^LBA 0 by EDD +status 01h, no such function$",
          r"^LBA 0 by CHS +read$")
CD = (r"^LBA 0 by CHS +read$",)
FIT = (r"^Missing +nothing$", r"^64-bit kernel +will run$")
NO_VGA = (r"^Video BIOS +none: use the serial line$",)
UNFIT = message("E_CPU_FEATURES")
BOCHS = Machine(emulator="bochs", cpu="corei7_haswell_4770")

MACHINES = [
    case("as it comes", HARD_DISK + FIT + (
        r"^A20 +open when stage 2 began$", r"^Memory map +by INT 15h E820h$",
        r"^Interface +ATA$", r"^Mode +03h, 80 columns, 25 rows",
        r"^BIOS +SeaBIOS, ")),
    case("by keyboard", HARD_DISK + FIT, keys="keyboard"),
    case("q35", HARD_DISK + FIT + ("^System .*Q35",), Machine(board="q35")),
    case("AHCI", HARD_DISK, Machine(bus="ahci")),
    case("USB", HARD_DISK[2:], Machine(board="q35", bus="usb-xhci")),
    case("USB, by keyboard", HARD_DISK[2:], Machine(bus="usb-uhci"),
         keys="keyboard"),
    case("NVMe", HARD_DISK[2:], Machine(bus="nvme")),
    case("floppy", FLOPPY, Machine(bus="floppy"),
         disk=Recipe(medium="floppy")),
    case("CD", CD, Machine(bus="cdrom"),
         disk=Recipe(medium="cd")),
    case("an ISA PC", HARD_DISK + FIT, Machine(board="isapc")),
    case("4 MiB", (r"^INT 15h 88h +2944 KiB from 1 MiB on$",),
         Machine(memory="4M")),
    case("5 GiB", (r"^  \d  0000000100000000  \w{16}  +\d+ MiB +usable",),
         Machine(memory="5G")),
    case("a CPU without long mode",
         (r"^Missing +long-mode$", r"^64-bit kernel +this CPU can't"),
         Machine(cpu="qemu32"), ends=UNFIT),
    case("a 486", (r"^Missing +TSC MSR PAE CX8 CMOV MMX FXSR SSE SSE2 long-mode$",
                   r"^Needed +FPU$"),
         Machine(cpu="486"), ends=UNFIT),
    case("the latest CPU", (r"^1 GiB pages +yes$", r"^SSE4.2 +yes$"),
         Machine(cpu="max")),
    case("no VGA", NO_VGA, Machine(video="none")),
    case("Cirrus", (r"^Adapter +VGA, colour",), Machine(video="cirrus")),
    case("no keyboard controller",
         (r"^Keyboard +port 64h: FFh, no controller$",),
         Machine(board="pc,i8042=off")),
    case("no COM1", (), Machine(serial=False), keys="keyboard"),
    case("Bochs", HARD_DISK[:1] + FIT + CD, BOCHS),
]

# ---- v86: make v86 --------------------------------------------------------

V86_LACKS = (r"^Missing +long-mode$", r"^64-bit kernel +this CPU can't")


def in_v86(name, says, keys="keyboard", disk=Recipe(), asks="", **machine):
    return case(f"v86, {name}", says + V86_LACKS,
                dataclasses.replace(V86, **machine), keys, disk, UNFIT, asks,
                full=True)


V86S = [
    in_v86("by keyboard", HARD_DISK + (r"^BIOS date +06/23/99$",)),
    in_v86("by serial line", HARD_DISK, "serial"),
    in_v86("a Shift key held down", HARD_DISK, asks="shift"),
    in_v86("floppy", FLOPPY, disk=Recipe(medium="floppy"), bus="floppy"),
    in_v86("CD", CD, disk=Recipe(medium="cd"), bus="cdrom"),
    in_v86("the Bochs BIOS", HARD_DISK[:1] + CD, **OTHER_BIOS),
    in_v86("the Bochs BIOS, a Shift key held down", HARD_DISK[:1] + CD,
           asks="shift", **OTHER_BIOS),
    in_v86("no VGA", NO_VGA, video="none"),
    in_v86("512 MiB", (r"^ +3  0000000000100000  000000001FFFFFFF",),
           memory="512M"),
]

# ---- A Shift key, held down from the start ---------------------------------

# Some time for a person, as BIOSes of real PCs take it.
PATIENT = ("-boot", "menu=on,splash-time=1500")
PATIENT_BOCHS = dataclasses.replace(BOCHS, extra=("clock: sync=slowdown",))


def usb_keyboard(controller):
    """The only keyboard there is."""
    return Machine(board="pc,i8042=off", extra=(
        *PATIENT, "-device", f"{controller},id=keys",
        "-device", "usb-kbd,bus=keys.0"))


SHIFT = [
    *[case(f"Shift, {board}", HARD_DISK, Machine(board=board, extra=PATIENT),
           "keyboard", asks="shift") for board in ("pc", "q35")],
    case("Shift, Bochs", HARD_DISK[:1], PATIENT_BOCHS, asks="shift"),
    *[case(f"Shift, USB keyboard on {controller}", HARD_DISK,
           usb_keyboard(controller), "keyboard", asks="shift", full=full)
      for controller, full in (("piix3-usb-uhci", False), ("pci-ohci", True),
                               ("qemu-xhci", False))],
]

# ---- A bad BIOS ------------------------------------------------------------

BAD_BIOS = [
    bad_bios("no EDD", (r"^EDD +not there \(AH=41h: status 01h", *CD),
             {"disk_flags": "DISK_NO_EDD"}),
    bad_bios("EDD fails", (r"^LBA 0 by EDD +status \w\wh", *CD),
             {"disk_flags": "DISK_EDD_FAILS"}),
    bad_bios("no parameters", (r"^Parameters +not told",),
             {"disk_flags": "DISK_NO_48"}),
    bad_bios("wrong DL",
             (r"^Drive +80h tried, because the BIOS gave DL = FFh$",),
             {"entry_drive": 0xFF}),
    bad_bios("BPB written",
             (r"^03h to 59h +changed: the BIOS writes a BPB there$",
              r"^08 .*<- changed$"), {"entry_flags": "ENTRY_BPB"}),
    bad_bios("all at once", HARD_DISK[:4], STORM),
    bad_bios("graphics mode",
             (r"^Mode +13h, 40 columns, 25 rows: stage 2 sets mode 03h$",),
             {"entry_video": 0x13}),
    bad_bios("page 3 is shown",
             (r"^Mode +03h, 80 columns, 25 rows of text$",
              r"^Page +3 is shown: stage 2 shows page 0$"),
             {"entry_page": 3}),
    bad_bios("a printer's port as EBDA",
             (r"^EBDA +none: segment 03BCh is too low for one$",
              r"^Loader +needs memory to 38000h, \d+ KiB are left$"),
             {"ebda_segment": 0x3BC}),
    bad_bios("A20 by the BIOS",
             (r"^A20 +closed, then opened by INT 15h AX=2401h$",),
             {"entry_flags": "ENTRY_A20"}),
    bad_bios("A20 by port 92h",
             (r"^A20 +closed, then opened by port 92h$",), NO_BIOS),
    bad_bios("A20 by the keyboard controller",
             (r"^A20 +closed, then opened by the keyboard controller$",),
             NO_92),
    bad_bios("A20 not at all", (r"^A20 +closed, and nothing opens it$",),
             {**NO_92, "keyboard_mode": "KEYBOARD_IGNORES"},
             ends=message("E_A20")),
    bad_bios("no E820", (r"^INT 15h E820h +not there$",
                         r"^Memory map +by INT 15h E801h$"),
             {"e820_mode": "E820_MISSING"}),
    bad_bios("only 88h", (r"^Memory map +by INT 15h 88h$",),
             {"e820_mode": "E820_MISSING", "e801_mode": "E801_MISSING"}),
    bad_bios("300 entries",
             (r"^INT 15h E820h +more than 128 entries$",
              r"^127  ", r"^Not shown +the rest"), {},
             splinters(300, (LOW, (0x100000, 0x400000, 1)))),
    bad_bios("little low memory",
             (r"^Loader +needs memory to 38000h, it ends at 37000h$",),
             {"low_memory_k": 220}, ends=message("E_LOW_MEMORY")),
    *[bad_bios(f"v86, {name}", says + V86_LACKS, switches, ends=UNFIT,
               machine=dataclasses.replace(V86, bus="second"),
               keys="keyboard", full=True)
      for name, says, switches in (
          ("no EDD", (r"^EDD +not there", *CD),
           {"disk_flags": "DISK_NO_EDD"}),
          ("BPB written", (r"^08 .*<- changed$",),
           {"entry_flags": "ENTRY_BPB"}),
          ("only 88h", (r"^Memory map +by INT 15h 88h$",),
           {"e820_mode": "E820_MISSING", "e801_mode": "E801_MISSING"}),
          ("all at once", HARD_DISK[:4], STORM))],
]

TABLE = MACHINES + V86S + SHIFT + BAD_BIOS
