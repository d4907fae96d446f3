"""The boot matrix's other media: what make iso, floppy, vdi, vmdk, vhd make.

Each is booted where a person would put it. A table like matrix.py.
"""

from harness.machine import Machine
from harness.recipe import Recipe
from matrix import CHS, EDD, FLOPPY, boots

PLACES = {
    "vdi": ("ide", "ahci", "virtio-blk", "nvme"),
    "vmdk": ("ide", "ahci", "lsi", "megasas", "pvscsi", "nvme"),
    "vhd": ("ide", "ahci", "virtio-scsi"),
    "cd": ("cdrom", "ahci-cdrom", "scsi-cdrom", "usb-cdrom"),
    "floppy": ("floppy",),
}
HOW = {"cd": CHS, "floppy": FLOPPY}


def boot(medium, board, bus, full=True, **machine):
    special = " ".join(f"{key}={value}" for key, value in machine.items())
    return boots(f"{medium} on {board}, {bus} {special}".rstrip(),
                 Machine(board=board, bus=bus, **machine),
                 Recipe(medium=medium), facts=(HOW.get(medium, EDD),),
                 full=full)


TABLE = [
    *[boot(medium, "pc", bus, full=number > 0)
      for medium, buses in PLACES.items()
      for number, bus in enumerate(buses)],
    *[boot(medium, "q35", "ide") for medium in ("vdi", "vmdk", "vhd")],
    *[boot(medium, "pc", "ide", memory=memory)
      for medium in ("vdi", "vmdk", "vhd") for memory in ("4M", "5G")],
    *[boot("cd", "pc", "cdrom", memory=memory) for memory in ("4M", "5G")],
    *[boot("floppy", "pc", "floppy", memory=memory)
      for memory in ("4M", "5G")],
]
