/*
 * elf_file.h - a small kernel as an ELF file in memory, for tests to break.
 *
 * Two segments: code at 2 MiB, data with a bss on the page behind it.
 *
 *	0x0000	ELF header, two program headers
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
#define EH_PHENTSIZE 54
#define EH_PHNUM 56
#define PH(index) (64 + 56 * (index))
#define PH_TYPE 0
#define PH_FLAGS 4
#define PH_OFFSET 8
#define PH_VADDR 16
#define PH_PADDR 24
#define PH_FILESZ 32
#define PH_MEMSZ 40

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
