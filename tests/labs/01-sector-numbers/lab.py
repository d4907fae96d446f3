"""1. Three numbers for a sector."""

from definition import Check, Guest, Lab, Piece

READS = Check("read header and stage 2, a sector per call",
              "^test kernel: ready$")

LAB = Lab(
    Piece("bootsector/bootsector.asm", "mov ax, [bp + frame.lba]",
          "les bx, [bp + frame.buffer]", ""),
    "from the BIOS's jump to stage 2 in memory", "main.chs",
    "Boot error M 00",
    (Guest((READS,), kernel="test/kernels/ready.elf", modules=(),
           drive="if=floppy", size=1474560, cmdline=""),
     Guest((READS,), kernel="test/kernels/ready.elf", modules=(), cmdline="")))
