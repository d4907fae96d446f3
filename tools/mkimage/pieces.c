/*
 * pieces.c - the loader that mkimage carries inside itself.
 *
 * PIECES is the directory of bootsector.bin, stage2.bin, diag.bin and uefi.bin,
 * with a slash at its end. The assembler of every compiler has .incbin; what
 * differs is the section's name and the underscore that Mach-O puts before C
 * names. Start and size form one piece with the bytes, which no linker takes
 * apart.
 */
#include "pieces.h"

#ifdef __APPLE__
#define SECTION ".const\n"
#define LABEL(name) "_" name ":\n"
#define GLOBAL(name) ".globl _" name "\n"
#else
#define SECTION ".section .rodata,\"a\"\n"
#define LABEL(name) name ":\n"
#define GLOBAL(name) ".globl " name "\n"
#endif

/* clang-format off */
#define PIECE(name, file) \
	extern const uint8_t name[]; \
	extern const uint64_t name##_size; \
	__asm__(SECTION ".balign 8\n" \
		GLOBAL(#name "_size") \
		LABEL(#name "_size") \
		".quad L" #name "_end - L" #name "_start\n" \
		GLOBAL(#name) \
		LABEL(#name) \
		"L" #name "_start:\n" \
		".incbin \"" PIECES file "\"\n" \
		"L" #name "_end:\n" \
		".text\n")
/* clang-format on */

PIECE(piece_bootsector, "bootsector.bin");
PIECE(piece_stage2, "stage2.bin");
PIECE(piece_diag, "diag.bin");
PIECE(piece_uefi, "uefi.bin");

struct bytes pieces_bootsector(void)
{
	return (struct bytes){ piece_bootsector,
			       (size_t)piece_bootsector_size };
}

struct bytes pieces_stage2(void)
{
	return (struct bytes){ piece_stage2, (size_t)piece_stage2_size };
}

struct bytes pieces_diag(void)
{
	return (struct bytes){ piece_diag, (size_t)piece_diag_size };
}

struct bytes pieces_uefi(void)
{
	return (struct bytes){ piece_uefi, (size_t)piece_uefi_size };
}
