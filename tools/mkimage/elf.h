/*
 * elf.h - read a kernel: ELF64, ET_EXEC, x86-64, freestanding.
 *
 * A pure reader: bytes in, load plan or reason out; no file, no print, no
 * allocation. Any bytes are safe input. Field names are those of the System V
 * ABI, chapters 4 and 5 (ELF-64 object file format).
 */
#ifndef MKIMAGE_ELF_H
#define MKIMAGE_ELF_H

#include "tools/file/bytes.h"
#include "tools/file/reason.h"

#define ELF_LOADS_MAX 64 /* PT_LOAD entries; kernels have 1 to 10 */
#define ELF_PARTS_MAX 8 /* parts of a kernel */
/* Bytes. A larger gap between segments is not stored: there a part ends. */
#define ELF_GAP_MAX 0x100000

/* One PT_LOAD with memory, without the headers in front (elf_sections.h). */
struct elf_load {
	uint64_t offset; /* in the file */
	uint64_t file_bytes;
	uint64_t memory; /* bytes, >= file_bytes */
	uint64_t physical;
	uint64_t virtual;
	uint32_t flags; /* PF_* */
	unsigned int index; /* in the program header table */
};

/* Segments that are stored together, with the gaps between them as zeros. The
 * flat image is [base, base + bytes) and is followed by zeros up to
 * base + memory. All of it lies within LOAD_ADDR..LOAD_END. */
struct elf_part {
	uint64_t base; /* physical, page aligned */
	uint64_t bytes; /* 1.. */
	uint64_t memory; /* bytes.. */
};

/* What goes where. Parts have no page in common. */
struct elf_plan {
	uint64_t entry; /* physical = virtual; in a segment's bytes */
	uint64_t end; /* of what is highest in memory */
	unsigned int part_count; /* 1.. */
	struct elf_part parts[ELF_PARTS_MAX]; /* that with the entry first */
	unsigned int count;
	struct elf_load loads[ELF_LOADS_MAX]; /* in the order of memory */
};

/* Judges `file` and fills in `plan`. Returns 0, or -1 with the reason. */
int elf_plan(struct bytes file, struct elf_plan *plan, struct reason *reason);

/* Writes the flat image of one of the plan's parts, part->bytes bytes, gaps as
 * zeros. `plan` comes from elf_plan() for the same file. */
void elf_flatten(struct bytes file, const struct elf_plan *plan,
		 const struct elf_part *part, uint8_t *flat);

#endif
