"""7. A kernel of your own."""

from definition import Check, Guest, Lab, Piece

LAB = Lab(
    Piece("tests/foreign/module.c", "struct boot_info {", "",
          "static void out(unsigned short port, unsigned char value)\n{\n"
          '\t__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));\n'
          "}\n\nvoid _start(const void *info)\n{\n\t(void)info;\n"
          "\tout(0xF4, 0x10); /* leaves QEMU with status 33 */\n"
          '\tfor (;;)\n\t\t__asm__ volatile("cli; hlt");\n}\n'),
    "a kernel that prints the file it was given", "_start",
    "define BLOB_MODULE",
    (Guest((Check("a kernel that prints the file it was given",
                  "define BLOB_MODULE"),),
           seconds=10, kernel="test/kernels/foreign-module.elf", cmdline="",
           modules=("boot/image.inc",)),))
