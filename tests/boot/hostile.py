"""A row of the boot matrix in which the BIOS is hostile, and how to make one.

It is harness.run.Row with the switches of tests/hostile.
"""

import dataclasses
import json
import pathlib

from harness.machine import Machine
from harness.recipe import Recipe
from harness.run import Row
from harness.words import READY, boot_error
from hostile_image import compose
from hostile_maps import clean_map, meaning
from tracing import address

SUCCESS = 33
DISK = "hostile.img"
CRIMES = ("hostile: write function", "hostile: unknown disk function",
          "hostile: impossible drive",
          "hostile: A20 will not close", "hostile: the monitor failed",
          "hostile: can't")
STARTED = "^hostile: starting the victim$"


def first_in_qemu(path):
    node = {"driver": "raw", "node-name": "hostile",
            "file": {"driver": "file", "filename": path}}
    return ("-blockdev", json.dumps(node), "-device",
            "ide-hd,drive=hostile,bus=ide.0,bootindex=0")


def first_in_bochs(path):
    return (f"ata0-master: type=disk, path=\"{path}\", mode=flat, "
            "cylinders=32, heads=2, spt=32",)


def first_in_v86(path):
    return ({"hda": path},)


# What makes the hostile disk the first one: Machine.extra.
FIRST_DISK = {"qemu": first_in_qemu, "bochs": first_in_bochs,
              "v86": first_in_v86}


@dataclasses.dataclass(frozen=True)
class HostileRow(Row):
    """switches  of config.inc, as (name, value) pairs; entry_breakpoint is a
              label
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
        switches = dict(self.switches)
        if "entry_breakpoint" in switches:
            switches["entry_breakpoint"] = address(
                switches["entry_breakpoint"])
        path.write_bytes(compose(switches, self.e820))
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


# ---- Making rows ----------------------------------------------------------

PC = Machine(bus="second", exit_port=True)
SCREEN = dataclasses.replace(PC, exit_port=False)
ALL_TRASH = 0xFF
ENTRY_WORST = ("ENTRY_07C0+ENTRY_GARBAGE+ENTRY_DF+ENTRY_IF0+ENTRY_CC+"
               "ENTRY_BPB+ENTRY_CR")
# Everything at once that must not make a difference.
STORM = {"entry_flags": ENTRY_WORST, "trash": ALL_TRASH, "unsupported": 1,
         "ec00_mode": "EC00_JUNK", "disk_flags": "DISK_EATS_COUNT"}

# Fields of config.inc that are bits, beside all that are called flags.
BITS = ("trash", "entry_devices")


def combine(*settings):
    """Several sets of switches; fields that are bits are joined."""
    joined = {}
    for switches in settings:
        for name, value in switches.items():
            bits = name.endswith("flags") or name in BITS
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
        tells=(STARTED,) + tuple(more.pop("tells", ())),
        never=CRIMES + (READY,),
        switches=tuple(switches.items()), e820=e820, **more)


def letter(name, switches, error, status=None, **more):
    """It must end in the boot sector's letter."""
    words = boot_error(error, status)
    return fails(name, switches, says=(words,), draws=(words,), **more)


def by(disk="EDD", a20="was open", source="E820h"):
    """How the report says it booted."""
    return (f"^boot .* by {disk}, .* A20 {a20}$",
            f"^memory .* by BIOS {source}:")


# What it takes to get at each way to open A20.
CLOSED = {"entry_flags": "ENTRY_A20"}
NO_BIOS = {"entry_flags": "ENTRY_A20", "a20_bios": "A20_BIOS_MISSING"}
NO_92 = {**NO_BIOS, "port_92_mode": "PORT_92_IGNORED"}
KEYBOARD = "opened by the keyboard controller"
