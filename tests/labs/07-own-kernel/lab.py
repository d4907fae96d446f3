"""7. A kernel of your own."""

from definition import Check, Guest, Lab, Piece

# SEED is given by definition.py. Without one nothing is printed first.
LETTER = SEED.pick("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ") if SEED.text else ""
STATUS = SEED.pick("status", [0x10, *range(0x12, 0x70)])
FIRST = f"/* Print {LETTER} first; in the end write 0x{STATUS:x} to 0xF4. */\n"

LAB = Lab(
    Piece("tests/foreign/module.c", "struct boot_info {", "",
          "static void out(unsigned short port, unsigned char value)\n{\n"
          '\t__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));\n'
          f"}}\n\n{FIRST if SEED.text else ''}"
          "void _start(const void *info)\n{\n\t(void)info;\n"
          f"\tout(0xF4, 0x{STATUS:x}); /* leaves QEMU with status "
          f"{2 * STATUS + 1} */\n"
          '\tfor (;;)\n\t\t__asm__ volatile("cli; hlt");\n}\n'),
    "a kernel that prints the file it was given", "_start",
    "define BLOB_MODULE",
    (Guest((Check("a kernel that prints the file it was given",
                  "define BLOB_MODULE"),
            *([Check("a kernel that prints the file it was given",
                     f"{LETTER}%ifndef")] if LETTER else [])),
           seconds=10, kernel="test/kernels/foreign-module.elf", cmdline="",
           modules=("boot/image.inc",), status=2 * STATUS + 1),),
    page="kernel_main")
