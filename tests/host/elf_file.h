/*
 * elf_file.h - a small kernel as an ELF file in memory, for tests to break.
 *
 * Two segments: code at 2 MiB, data with a bss on the page behind it.
 *
 *	0x0000	ELF header, two program headers
 *	0x0100	four section headers, if it is as a linker makes it
 *	0x1000	code, 0x10 bytes, entry at its 4th
 *	0x1010	data, 0x20 bytes, in memory 0x3000
 */
#ifndef TESTS_ELF_FILE_H
#define TESTS_ELF_FILE_H

#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "tools/mkimage/elf.h"

#define ELF_FILE_SIZE 0x1030
#define ELF_FILE_ENTRY 0x200004

/* Byte offsets (System V ABI 4 and 5). */
#define EH_CLASS 4
#define EH_DATA 5
#define EH_VERSION 6
#define EH_TYPE 16
#define EH_MACHINE 18
#define EH_ENTRY 24
#define EH_PHOFF 32
#define EH_SHOFF 40
#define EH_PHENTSIZE 54
#define EH_PHNUM 56
#define EH_SHENTSIZE 58
#define EH_SHNUM 60
#define PH(index) (64 + 56 * (index))
#define PH_TYPE 0
#define PH_FLAGS 4
#define PH_OFFSET 8
#define PH_VADDR 16
#define PH_PADDR 24
#define PH_FILESZ 32
#define PH_MEMSZ 40
#define SH(index) (0x100 + 64 * (index))
#define SH_NAME 0
#define SH_TYPE 4
#define SH_FLAGS 8
#define SH_ADDR 16
#define SH_OFFSET 24
#define SH_BYTES 32

static inline void elf_file_header(uint8_t *file, uint64_t entry,
				   unsigned int segments)
{
	memcpy(file, "\177ELF\2\1\1", 7);
	put_le16(file + EH_TYPE, 2);
	put_le16(file + EH_MACHINE, 62);
	put_le32(file + 20, 1);
	put_le64(file + EH_ENTRY, entry);
	put_le64(file + EH_PHOFF, 64);
	put_le16(file + 52, 64);
	put_le16(file + EH_PHENTSIZE, 56);
	put_le16(file + EH_PHNUM, (uint16_t)segments);
}

/* A PT_LOAD, linked where it loads. */
static inline void elf_file_load(uint8_t *file, unsigned int index,
				 uint64_t offset, uint64_t file_bytes,
				 uint64_t address, uint64_t memory)
{
	uint8_t *header = file + PH(index);

	put_le32(header + PH_TYPE, 1);
	put_le32(header + PH_FLAGS, 7);
	put_le64(header + PH_OFFSET, offset);
	put_le64(header + PH_VADDR, address);
	put_le64(header + PH_PADDR, address);
	put_le64(header + PH_FILESZ, file_bytes);
	put_le64(header + PH_MEMSZ, memory);
}

/* The kernel described above; the caller frees it. */
static inline uint8_t *elf_file_make(void)
{
	uint8_t *file = calloc(1, ELF_FILE_SIZE);

	if (!file)
		abort();
	elf_file_header(file, ELF_FILE_ENTRY, 2);
	elf_file_load(file, 0, 0x1000, 0x10, 0x200000, 0x10);
	put_le32(file + PH(0) + PH_FLAGS, 5);
	elf_file_load(file, 1, 0x1010, 0x20, 0x201000, 0x3000);
	put_le32(file + PH(1) + PH_FLAGS, 6);
	for (unsigned int i = 0; i < 0x30; i++)
		file[0x1000 + i] = (uint8_t)(0xa0 + i);
	return file;
}

/* A section that takes memory: SHT_PROGBITS or SHT_NOBITS, SHF_ALLOC. */
static inline void elf_file_section(uint8_t *file, unsigned int index,
				    unsigned int type, uint64_t address,
				    uint64_t offset, uint64_t bytes)
{
	uint8_t *header = file + SH(index);

	put_le32(header + SH_TYPE, type);
	put_le64(header + SH_FLAGS, 2);
	put_le64(header + SH_ADDR, address);
	put_le64(header + SH_OFFSET, offset);
	put_le64(header + SH_BYTES, bytes);
}

/* The same kernel as a linker makes it without a script: headers and padding
 * share the code's segment, a page below it; sections say what is what. */
static inline uint8_t *elf_file_linked(void)
{
	uint8_t *file = elf_file_make();

	elf_file_load(file, 0, 0, 0x1010, 0x1ff000, 0x1010);
	put_le64(file + EH_SHOFF, SH(0));
	put_le16(file + EH_SHENTSIZE, 64);
	put_le16(file + EH_SHNUM, 4);
	elf_file_section(file, 1, 1, 0x200000, 0x1000, 0x10);
	/* section 0 holds the names, all of the file: this one is in e_ident */
	put_le32(file + SH(0) + SH_TYPE, 3);
	put_le64(file + SH(0) + SH_BYTES, ELF_FILE_SIZE);
	memcpy(file + 9, ".text", 6);
	put_le32(file + SH(1) + SH_NAME, 9);
	elf_file_section(file, 2, 1, 0x201000, 0x1010, 0x20);
	elf_file_section(file, 3, 8, 0x201020, 0x1030, 0x2fe0);
	return file;
}

/* Is the byte at `at` part of the file header or of a table of headers? */
static inline int elf_file_is_header(struct bytes elf, uint64_t at)
{
	const uint8_t *file = elf.data;
	uint64_t programs = get_le64(file + EH_PHOFF);
	uint64_t sections = get_le64(file + EH_SHOFF);
	uint64_t section_count = get_le16(file + EH_SHNUM);

	if (at < 64 || at - programs < 56u * get_le16(file + EH_PHNUM))
		return 1;
	if (!sections || at < sections || elf.size - sections < 64)
		return 0;
	if (!section_count)
		section_count = get_le64(file + sections + SH_BYTES);
	return (at - sections) / 64 < section_count;
}

/* The part that has the byte at `address`, in memory; NULL: none has. */
static inline const struct elf_part *elf_file_part(const struct elf_plan *plan,
						   uint64_t address)
{
	for (unsigned int i = 0; i < plan->part_count; i++)
		if (address - plan->parts[i].base < plan->parts[i].memory)
			return &plan->parts[i];
	return NULL;
}

/* Is this byte of the file where it loads? In a gap, zeros may be. */
static inline int elf_file_byte_loads(const struct elf_plan *plan,
				      uint8_t *const *flat, uint64_t address,
				      uint8_t byte)
{
	const struct elf_part *part = elf_file_part(plan, address);

	return part && address - part->base < part->bytes &&
	       flat[part - plan->parts][address - part->base] == byte;
}

/* Is all that the program headers load in the flat images, where they say, but
 * for headers and zeros? And is its memory some part's? */
static inline int elf_file_is_whole(struct bytes elf,
				    const struct elf_plan *plan,
				    uint8_t *const *flat)
{
	const uint8_t *file = elf.data;
	const uint8_t *header = file + get_le64(file + EH_PHOFF);

	for (unsigned int i = get_le16(file + EH_PHNUM); i; i--, header += 56) {
		uint64_t at = get_le64(header + PH_OFFSET);
		uint64_t to = get_le64(header + PH_PADDR);
		uint64_t bytes = get_le64(header + PH_FILESZ);

		if (get_le32(header + PH_TYPE) != 1)
			continue;
		for (; bytes; bytes--, at++, to++)
			if (file[at] && !elf_file_is_header(elf, at) &&
			    !elf_file_byte_loads(plan, flat, to, file[at]))
				return 0;
	}
	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *load = &plan->loads[i];

		if (!elf_file_part(plan, load->physical) ||
		    !elf_file_part(plan, load->physical + load->memory - 1))
			return 0;
	}
	return 1;
}

/* Where the parts lie. */
static inline int elf_file_parts_fit(const struct elf_plan *plan)
{
	for (unsigned int i = 0; i < plan->part_count; i++) {
		const struct elf_part *part = &plan->parts[i];
		uint64_t end = part->base + part->memory;

		if (part->base % 4096 || part->base < 0x100000 ||
		    !part->bytes || part->bytes > part->memory ||
		    end > plan->end || end > 0x100000000)
			return 0;
		for (unsigned int j = 0; j < plan->part_count; j++)
			if (j != i && plan->parts[j].base >= part->base &&
			    plan->parts[j].base < end)
				return 0;
	}
	return plan->part_count && plan->part_count <= ELF_PARTS_MAX &&
	       plan->entry - plan->parts[0].base < plan->parts[0].bytes;
}

/* Does the plan, which was accepted, keep the promises of elf.h? */
static inline int elf_file_kept(struct bytes elf, const struct elf_plan *plan)
{
	uint8_t *flat[ELF_PARTS_MAX] = { NULL };
	int kept = elf_file_parts_fit(plan);

	for (unsigned int i = 0; kept && i < plan->part_count; i++) {
		flat[i] = malloc(plan->parts[i].bytes);
		if (!flat[i])
			abort();
		elf_flatten(elf, plan, &plan->parts[i], flat[i]);
	}
	kept = kept && elf_file_is_whole(elf, plan, flat);
	for (unsigned int i = 0; i < ELF_PARTS_MAX; i++)
		free(flat[i]);
	return kept;
}

/* Plans `size` bytes that end where the allocation ends, so that ASan sees a
 * read behind them. */
static inline int elf_file_plan(const uint8_t *file, size_t size,
				struct elf_plan *plan, struct reason *reason)
{
	uint8_t *copy = malloc(size ? size : 1);
	int result;

	assert_non_null(copy);
	memcpy(copy, file, size);
	reason->text[0] = '\0';
	result = elf_plan((struct bytes){ copy, size }, plan, reason);
	free(copy);
	return result;
}

#endif
