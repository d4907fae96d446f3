"""The hostile BIOS on other boards, in other emulators, before other buses."""

import dataclasses

from harness.machine import BUSES, Machine
from harness.words import message
from hostile import (KEYBOARD, NO_92, PC, STORM, boots, by, combine, fails,
                     letter)
from hostile_errors import LETTERS, WORDS
from hostile_maps import MAPS
from hostile_pairs import FACTORS, combination, pairwise

BOCHS = Machine(emulator="bochs", bus="second",
                cpu="corei7_sandy_bridge_2600k")
V86 = Machine(emulator="v86", bus="second", cpu="v86's own")


def in_bochs(firmware="", full=False, video="std"):
    """Booting and failing under a BIOS that is not SeaBIOS."""
    machine = dataclasses.replace(BOCHS, firmware=firmware, video=video)
    name = " ".join(["Bochs", *[firmware] * bool(firmware)])
    choices = {
        "everything at once": (STORM, by(), ()),
        "A20 by the keyboard controller": (
            combine(STORM, NO_92), by(a20=KEYBOARD), ()),
        "no EDD": ({"disk_flags": "DISK_NO_EDD+DISK_BOUNDS"}, by("CHS"), ()),
        "every 7th read fails": ({"disk_fail_every": 7}, by(), ()),
        "overlapping map": ({}, by(), MAPS["overlapping"]),
        "only 88h": ({"e820_mode": "E820_MISSING",
                      "e801_mode": "E801_MISSING"}, by(source="88h"), ()),
        "graphics mode": ({"entry_video": 0x12}, by(), ()),
        "VBE mode": ({"entry_vbe": 0x101}, by(), ()),
        "page 3 is shown": ({"entry_page": 3}, by(), ()),
    }
    if firmware.startswith("seabios"):
        del choices["VBE mode"]	# beside SeaBIOS, Bochs's VGA BIOS sets none
    for choice, (switches, said, e820) in choices.items():
        yield boots(f"{name}, {choice}", switches, said, e820,
                    machine=machine, full=full)
    for choice in ("A20: all broken, keyboard controller hangs",
                   "map: nobody tells", "the disk dies", "short transfers"):
        code, numbers, switches, e820 = WORDS[choice]
        yield fails(f"{name}, {choice}", combine(switches, STORM),
                    shows=(message(code, *numbers),), e820=e820,
                    machine=machine, full=full)


def on_boards():
    for board, cpu, memory in (("q35", "max", "64M"), ("q35", "qemu64", "3G"),
                               ("isapc", "qemu64", "64M"),
                               ("pc-i440fx-2.0", "Nehalem", "64M")):
        yield boots(f"{board} with {cpu} and {memory}, everything at once",
                    STORM, by(), full=True, machine=dataclasses.replace(
                        PC, board=board, cpu=cpu, memory=memory))


# SeaBIOS tells no geometry of small disks on these: here it must be EDD.
NO_CHS = ["second-usb-uhci", "second-usb-ehci", "second-usb-xhci",
          "second-virtio-scsi", "second-lsi", "second-megasas"]
CHS_TOO = [bus for bus in BUSES if bus.startswith("second-") and
           bus not in NO_CHS]


def before_buses(buses, disks):
    """Any two of bus, entry, disk and map; see pairwise().

    Without ports that lie: for these the loader runs in virtual-8086 mode,
    where the BIOS can't drive what needs its 32-bit code.
    """
    subset = {"A20": ("open", "BIOS", "port 92h"), "disk": disks}
    factors = {"bus": {bus: {} for bus in buses}, **FACTORS,
               **{name: {value: FACTORS[name][value] for value in values}
                  for name, values in subset.items()}}
    for choice in pairwise(factors):
        # QEMU's video memory hides SeaBIOS's SMM code in these modes
        smm = "pc,smm=off" if choice["video"] in ("12h", "13h") else "pc"
        machine = dataclasses.replace(PC, bus=choice["bus"], board=smm)
        yield combination(choice, factors, machine=machine, full=True)


def in_v86():
    """The loader gets as far as its check of the CPU."""
    lacking = (message("E_CPU_FEATURES", None, " long-mode"),)
    choices = {**FACTORS["registers"], **FACTORS["flags"], **FACTORS["BPB"],
               "RAM full of CC": FACTORS["RAM"]["CC"],
               "07C0:0000": FACTORS["address"]["07C0"],
               **{f"DL={name}": value for name, value in
                  FACTORS["DL"].items() if name != "80"},
               **{f"trash {name}": value for name, value in
                  FACTORS["trash"].items() if name != "none"},
               **{f"disk: {name}": value for name, value in
                  FACTORS["disk"].items() if name != "good"},
               "the first read fails": {"disk_fail_first": 1},
               "every 7th read fails": {"disk_fail_every": 7},
               "reads over 1 sector fail": {"disk_max_sectors": 1},
               "everything at once": STORM}
    for name, switches in choices.items():
        if switches:
            yield fails(f"v86, {name}", switches, shows=lacking, machine=V86,
                        full=True)
    for name, (error, status, switches) in LETTERS.items():
        yield letter(f"v86, {name}", switches, error, status, machine=V86,
                     full=True)


TABLE = [*in_bochs(), *in_bochs("bochs-legacy", full=True),
         # SeaBIOS knows QEMU's screens, so here is none
         *in_bochs("seabios-128k", full=True, video="none"),
         *on_boards(), *in_v86(),
         *before_buses(CHS_TOO, tuple(FACTORS["disk"])),
         *before_buses(NO_CHS, ("good", "no 48h"))]
