"""1. Three numbers for a sector."""

from definition import Check, Guest, Lab, Piece

CHECKS = (
    Check("read header and stage 2, a sector per call", "",
          "Boot error R", stop="main.chs"),
    Check("check the header's magic and the 32-bit sum", "",
          "Boot error [MS]", stop="main.have_sector"),
    Check("jump to STAGE2_ADDR with DL = drive", "^test kernel: ready$"))


def boots(drive, size):
    return Guest(CHECKS, kernel="test/kernels/ready.elf", modules=(),
                 cmdline="", drive=drive, size=size, seconds=10)


LAB = Lab(
    Piece("bootsector/bootsector.asm", "mov ax, [bp + frame.lba]",
          "les bx, [bp + frame.buffer]", ""),
    "from the BIOS's jump to stage 2 in memory", "main.chs",
    "Boot error M 00",
    (boots("if=floppy", 1474560), boots("if=floppy", 1228800),
     boots("if=ide", 0)),
    moves=SEED.move("%define TRIES 3", range(4, 100)),
    page="main.next_sector")
