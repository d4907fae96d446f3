/*
 * elf64.h - ELF files for 64-bit x86: the header, and what sections there are.
 *
 * Any bytes are safe input. Names are those of the System V ABI, chapter 4
 * ("Object Files").
 */
#ifndef ELF_ELF64_H
#define ELF_ELF64_H

#include <stdbool.h>

#include "tools/file/bytes.h"
#include "tools/file/reason.h"

/* The file header, byte offsets. */
#define E_TYPE 16
#define E_MACHINE 18
#define E_ENTRY 24
#define E_PHOFF 32
#define E_SHOFF 40
#define E_PHENTSIZE 54
#define E_PHNUM 56
#define E_SHENTSIZE 58
#define E_SHNUM 60
#define E_SHSTRNDX 62
#define E_SIZE 64 /* of the file header */

#define SHT_NULL 0
#define SHT_SYMTAB 2
#define SHT_NOBITS 8
#define SHF_ALLOC 0x2
#define SHF_EXECINSTR 0x4
#define SHF_COMPRESSED 0x800

/* Is this a 64-bit, little-endian ELF file for x86-64, with a whole header?
 * Returns 0, or -1 with the reason. */
int elf64_check(struct bytes file, struct reason *reason);

/* The table of section headers. */
struct elf64_sections {
	struct bytes file;
	uint64_t start, end; /* in the file */
	uint64_t count;
	unsigned int names_index; /* the section with the names of all */
	struct bytes names; /* empty if that can't be read */
};

struct elf64_section {
	const char *name; /* in the file; "" if there is none */
	uint32_t type;
	uint32_t link; /* index of a section that this one needs */
	uint64_t flags;
	uint64_t address;
	uint64_t offset;
	uint64_t size; /* in memory; in the file too, but for SHT_NOBITS */
};

/* For a file that has passed elf64_check(). Returns 0, or -1 with the reason:
 * there are no section headers, or not all of them. */
int elf64_sections(struct bytes file, struct elf64_sections *sections,
		   struct reason *reason);

/* Section `index`, below sections->count, as its header tells of it. */
struct elf64_section elf64_section(const struct elf64_sections *sections,
				   uint64_t index);

/* The contents of section `index`; an index beyond the last is an error, and
 * so is a section that is cut short or compressed. Returns as above. */
int elf64_contents(const struct elf64_sections *sections, uint64_t index,
		   struct bytes *contents, struct reason *reason);

#endif
