/*
 * sections.h - the sections of an ELF64 file for x86-64.
 *
 * Any bytes are safe input. Field names are those of the System V ABI, chapter
 * 4 ("Sections").
 */
#ifndef SYMTAB_SECTIONS_H
#define SYMTAB_SECTIONS_H

#include <stdbool.h>

#include "tools/file/bytes.h"
#include "tools/file/reason.h"

struct sections {
	struct bytes file;
	uint64_t table; /* offset of the section headers */
	unsigned int count;
	struct bytes names;
};

struct section {
	const char *name;
	uint32_t type;
	bool has_code;
	uint64_t address;
	uint64_t size;	/* in memory; `bytes` is empty for .bss */
	uint32_t link;	/* index of a section that this one needs */
	struct bytes bytes;
};

#define SECTION_SYMBOLS 2 /* SHT_SYMTAB */

/* Returns 0, or -1 with the reason. */
int sections_open(struct bytes file, struct sections *sections,
		  struct reason *reason);

/* Section `index`; one beyond the last is an error. Returns as above. */
int sections_get(const struct sections *sections, unsigned int index,
		 struct section *section, struct reason *reason);

/* The contents of the section of that name; empty if there is none. */
int sections_find(const struct sections *sections, const char *name,
		  struct bytes *contents, struct reason *reason);

#endif
