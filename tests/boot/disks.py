"""The boot matrix's disks: damaged, unreadable, made with other options.

A table like matrix.py.
"""

import dataclasses
import json
import struct

from harness.machine import Machine
from harness.recipe import BUILD, Cut, Flip, Header, Poke, Recipe
from harness.run import Bad, Row
from harness.words import READY, boot_error, defines, message
from matrix import A20, CHS, EDD, FLOPPY, MODULE, WITH_MODULE, boots

HEADER = defines("image.h")

# ---- Damaged -------------------------------------------------------------

KERNEL_BROKEN = message("E_BLOB_CRC", 0)
MODULE_BROKEN = message("E_BLOB_CRC", 1)
SUM = boot_error("BS_ERROR_SUM", 0)
MAGIC = boot_error("BS_ERROR_MAGIC", 0)


def before(shows):
    """The machine for a message; the boot sector does not know port E9h."""
    return Machine(debugcon=not shows.startswith("Boot error"))


def damaged(what, damage, shows, full=False,
            key=("ret", "No bootable device")):
    return Row(f"damaged: {what}", before(shows),
               disk=dataclasses.replace(WITH_MODULE, damage=damage),
               shows=(shows,), key=key, full=full)


def flipped(region, shows, where="middle", full=False, **more):
    return damaged(f"one bit of {region}, {where}", (Flip(region, where),),
                   shows, full, **more)


def cut(region, shows, fill=0, full=False, **more):
    name = {0: "zeros follow", 0xFF: "FFs follow",
            None: "the medium ends"}[fill]
    return damaged(f"cut in {region}, {name}", (Cut(region, fill=fill),),
                   shows, full, **more)


STOPS = {"key": ()}  # the BIOS is gone: no key leads anywhere

FLIPS = [
    flipped("header", MAGIC, HEADER["HEADER_MAGIC"]),
    *[flipped("header", SUM, HEADER[field])
      for field in ("HEADER_VERSION", "HEADER_BLOB_COUNT", "HEADER_CRC",
                    "HEADER_SUM", "HEADER_BUILD_ID", "HEADER_BLOBS")],
    flipped("cmdline", SUM),
    flipped("stage2", SUM, "start"),
    flipped("stage2", SUM),
    flipped("stage2", SUM, "last"),
    flipped("kernel", KERNEL_BROKEN, "start", **STOPS),
    flipped("kernel", KERNEL_BROKEN, **STOPS),
    flipped("kernel", KERNEL_BROKEN, "last", **STOPS),
    flipped("module", MODULE_BROKEN, "start", **STOPS),
    flipped("module", MODULE_BROKEN, "last", **STOPS),
    *[flipped("header", SUM, HEADER["HEADER_BLOBS"] + offset, full=True)
      for offset in range(0, 2 * HEADER["BLOB_SIZE"], 4) if offset],
    *[flipped("stage2", SUM, sixteenth / 16, full=True)
      for sixteenth in range(1, 16) if sixteenth != 8],
]

# A disk of somebody else's, which the BIOS does not boot.
OTHER_DISK = ("-blockdev", json.dumps({
    "driver": "raw", "node-name": "other",
    "file": {"driver": "file", "filename": str(BUILD / "hostile.img"),
             "locking": "off"}}),
    "-device", "ide-hd,drive=other,bus=ide.0")


def bad_diskette(name, **machine):
    """Its own error is told, though 80h is tried too (HW-12)."""
    machine = dataclasses.replace(before(SUM), **machine)
    return Row(f"damaged: a diskette, {name}", machine,
               Recipe(medium="floppy", damage=(Flip("stage2"),)),
               shows=(SUM,))


DISKETTES = [
    bad_diskette("no disk", bus="floppy"),
    bad_diskette("and somebody else's disk", board="q35", bus="floppy-q35",
                 extra=OTHER_DISK),
]


def forged(what, shows, field, data, crc=True):
    """A header that is wrong, though the boot sector finds it whole."""
    return damaged(what, (Header(field, data, crc),), shows)


FORGED = [
    forged("header CRC", message("E_HEADER_CRC"), HEADER["HEADER_CMDLINE"],
           b"!", crc=False),
    forged("another version", message("E_HEADER_VERSION", 2, 1),
           HEADER["HEADER_VERSION"], b"\2"),
    forged("no blobs", message("E_BLOB_TABLE", 0, 0),
           HEADER["HEADER_BLOB_COUNT"], b"\0"),
    forged("nine blobs", message("E_BLOB_TABLE", 0, 9),
           HEADER["HEADER_BLOB_COUNT"], b"\11"),
    forged("a module behind the image's end", message("E_BLOB_TABLE", 1, 2),
           HEADER["HEADER_BLOBS"] + HEADER["BLOB_SIZE"] + HEADER["BLOB_LBA"],
           b"\0\0\0\1"),
    forged("an entry outside the kernel", message("E_BLOB_TABLE", 0, 2),
           HEADER["HEADER_BLOBS"] + HEADER["BLOB_ENTRY"], b"\0\0\0\0"),
    Row("damaged: a module whose zeros cover the kernel",
        before(KERNEL_BROKEN), shows=(KERNEL_BROKEN,),
        disk=Recipe(kernel="test/kernels/foreign-kernel.elf", modules=MODULE,
                    damage=(Header(HEADER["HEADER_BLOBS"] +
                                   HEADER["BLOB_SIZE"] +
                                   HEADER["BLOB_MEMORY"],
                                   struct.pack("<II", 2 << 20, 1 << 20)),))),
]

CUTS = [
    *[row for fill in (0, 0xFF) for row in (
        cut("header", MAGIC, fill),
        cut("stage2", SUM, fill),
        cut("kernel", KERNEL_BROKEN, fill, **STOPS),
        cut("module", MODULE_BROKEN, fill, **STOPS))],
    cut("header", boot_error("BS_ERROR_READ"), None),
    cut("stage2", boot_error("BS_ERROR_READ"), None),
    cut("kernel", message("E_READ", 0x80), None),
    cut("module", message("E_READ", 0x80), None),
]


def unreadable(region, shows, where="start", bus="ide"):
    return Row(f"unreadable: {region}, {where}, bus={bus}",
               dataclasses.replace(before(shows), bus=bus),
               WITH_MODULE, bad=(Bad(region, where),), shows=(shows,),
               key=("ret", "No bootable device"))


UNREADABLE = [
    unreadable("header", boot_error("BS_ERROR_READ")),
    unreadable("stage2", boot_error("BS_ERROR_READ")),
    unreadable("stage2", boot_error("BS_ERROR_READ"), "last"),
    *[unreadable(region, message("E_READ", 0x80), where)
      for region in ("kernel", "module")
      for where in ("start", "middle", "last")],
    *[unreadable("kernel", message("E_READ", 0x80), bus=bus)
      for bus in ("usb-xhci", "virtio-blk")],
    boots("one read of stage 2 fails once", disk=WITH_MODULE,
          scrolls=True, bad=(Bad("stage2", once=True),)),
    boots("one read of the kernel fails once", disk=WITH_MODULE,
          facts=("drive 80h by EDD, 1 retries", A20), scrolls=True,
          bad=(Bad("kernel", once=True),)),
]

# ---- Touched, but good ---------------------------------------------------

TOUCHED = [
    boots("FFs where a BPB would be (HW-3)",
          disk=Recipe(damage=(Poke(3, b"\xff" * 0x57),))),
    boots("a dummy BPB (HW-4)", disk=Recipe(flags=("--bpb", "dummy"))),
    boots("a dummy BPB on a USB stick (HW-4)", Machine(bus="usb-ehci"),
          Recipe(flags=("--bpb", "dummy"))),
    boots("another disk signature (HW-5)",
          disk=Recipe(damage=(Poke(HEADER["BS_SIGNATURE"], b"Wind\xa5\x5a"),)),
          facts=(EDD, "signature 646e6957")),
    boots("255 heads, 63 sectors (HW-2)",
          disk=Recipe(flags=("--geometry", "255x63"))),
    boots("255 heads, 63 sectors as a CD (HW-2)", Machine(bus="cdrom"),
          Recipe(flags=("--geometry", "255x63"), medium="cd"),
          facts=(CHS,)),
    boots("another partition type",
          disk=Recipe(flags=("--partition-type", "0x0c"))),
    boots("32 MiB image", disk=Recipe(flags=("--size", "32M"))),
    boots("no command line", disk=Recipe(cmdline=""), facts=(EDD,),
          never=("^command ",)),
    boots("the longest command line", disk=Recipe(cmdline="x" * 255),
          facts=(EDD, "x" * 255), scrolls=True),
    boots("seven modules", disk=Recipe(modules=MODULE * 7),
          facts=(EDD, r"(module +\w+, \d+ bytes loaded.*\s*){7}"),
          scrolls=True),
    boots("a module of five bytes", Machine(cpu="max"),
          disk=Recipe(modules=("test/tiny.txt",)), scrolls=True),
    boots("a floppy with modules", Machine(bus="floppy"),
          Recipe(modules=MODULE * 7, medium="floppy"), facts=(FLOPPY,),
          scrolls=True),
]

# ---- Diagnostics, asked for in vain (diag_rows.py has good ones) ----------

def without_diag(name, warning, flags=(), damage=(), bad=()):
    """A warning, then what comes: with a CPU that is refused, the screen
    keeps both."""
    asked = Recipe(cmdline="diag", flags=flags, damage=damage)
    return [Row(f"{name}: refused CPU", Machine(cpu="qemu32"), asked,
                bad=bad, shows=(warning, message("E_CPU_FEATURES"))),
            Row(f"{name}: the boot goes on", Machine(), asked,
                bad=bad, shows=(READY,), says=(warning,))]


NO_DIAG = [
    *without_diag("no diagnostics", message("W_DIAG_MISSING"),
                  flags=("--no-diag",)),
    *without_diag("more diagnostics than fit", message("W_DIAG_MISSING"),
                  damage=(Header(HEADER["HEADER_DIAG_SECTORS"], b"\x41"),)),
    *without_diag("damaged diagnostics", message("W_DIAG_DAMAGED"),
                  damage=(Flip("diag"),)),
    *without_diag("unreadable diagnostics", message("E_READ", 0x80).replace(
        ": error", ": warning"), bad=(Bad("diag"),)),
]

TABLE = FLIPS + DISKETTES + FORGED + CUTS + UNREADABLE + TOUCHED + NO_DIAG
