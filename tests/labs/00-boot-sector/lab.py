"""0. A boot sector of one's own."""

from definition import LABS, Check, Guest, Lab, Piece

FOLDER = LABS / "00-boot-sector"
# SEED is given by definition.py.
LETTER = SEED.pick("letter", "AKQXZ")
LBA = SEED.pick("sector", range(5, 13))


def sectors(say):
    """What lies where stage 2 does, from LBA 2 on: a text in each sector. The
    first byte keeps mkimage from taking all for a text file."""
    texts = (f"{say} {lba}, as it was written\r\n\0behind it"
             for lba in range(3, 20))
    return b"\1".ljust(512, b"\0") + b"".join(
        text.encode().ljust(512, b"\0") for text in texts)


def shows(say):
    return Guest(
        (Check("print the letter @ by INT 10h", rf"^{LETTER}"),
         Check("read one sector, LBA #, of the drive in DL",
               rf"{say} {LBA}, as"),
         Check("print the text in that sector, up to the byte 0 behind it",
               rf"{say} {LBA}, as it was written\n", r"written\n.*b"),
         Check("print the letter once more",
               rf"^{LETTER}{say} {LBA}, as it was written\n{LETTER}")),
        seconds=10, kernel="test/kernels/ready.elf", modules=(), cmdline="",
        data=sectors(say), needs=("labs/sector.bin",),
        flags=("--bootsector", "{build}/labs/sector.bin", "--stage2",
               "{data}"), machine=("-machine", "graphics=off"),
        ends=rf"written\n.*?[A-Za-z]|{LETTER}.?{LETTER}", status=None)


LAB = Lab(
    Piece("tests/labs/00-boot-sector/sector.asm", "", "",
          (FOLDER / "skeleton.asm").read_text().replace("@", LETTER)
          .replace("#", str(LBA))),
    "The BIOS loads these 512 bytes to 0x7C00 and jumps there", "bootsector",
    "the boot sector has 0 bytes, 512 are needed",
    (shows("Sector"), shows("This is the one")),
    header="tests/labs/00-boot-sector/skeleton.asm",
    page="main")
