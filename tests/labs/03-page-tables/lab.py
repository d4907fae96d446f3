"""3. Page tables."""

from definition import Check, Guest, Lab, Piece

# Bits 9 to 11 of an entry, which the CPU ignores.
IGNORED = [f"0x{bits << 9:x}" for bits in range(1, 8)]

LAB = Lab(
    Piece("stage2/modes.asm", "mov edi, pdpt", "; entries_write -",
          "\tret\n\n"),
    "map the first 4 GiB onto themselves, but for stack_guard",
    "page_tables_build", "a triple fault",
    (Guest((Check("but for stack_guard", "", "^not ok stack_guarded"),
            Check("map the first 4 GiB onto themselves",
                  "^protocol: kept$")),
           seconds=10, kernel="test/kernels/protocol.elf", cmdline="a b",
           modules=("boot/image.inc",) * 2),
     Guest((Check("but for stack_guard",
                  "exception #PF page fault at .*, error code 2,"),),
           seconds=10, kernel="test/kernels/DEEP.elf", modules=(), cmdline="",
           status=None)),
    moves=SEED.move("%define PTE_2M\t(PTE_PRESENT | PTE_WRITE | PTE_HUGE)",
                    [f"PTE_HUGE | {bits})" for bits in IGNORED]) +
    SEED.move("%define PTE_4K\tPTE_TABLE",
              [f"(PTE_TABLE | {bits})" for bits in IGNORED]),
    page="page_tables_build")
