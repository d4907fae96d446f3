/*
 * functions.h - the functions of an ELF file, from its symbol table.
 *
 * What assemblers leave without type and size counts as a function up to the
 * next one, but for names that mark bounds ("text_start", "trap_entries_end")
 * and parts of others ("a.loop"). What compilers split off keeps the name of
 * the whole: "f.cold" is "f".
 */
#ifndef SYMTAB_FUNCTIONS_H
#define SYMTAB_FUNCTIONS_H

#include <stdbool.h>

#include "tools/elf/elf64.h"

struct function {
	uint64_t start;
	uint64_t size;
	const char *name; /* in the file */
	size_t name_length;
	bool typed;	/* the symbol says that it is a function */
	uint64_t limit; /* end of its section */
};

/* In order of their addresses; none overlaps another. */
struct functions {
	struct function *list;
	size_t count, room;
};

/* Returns 0, or -1 with the reason; functions_release() is due in both
 * cases. */
int functions_read(const struct elf64_sections *sections,
		   struct functions *functions, struct reason *reason);

void functions_release(struct functions *functions);

#endif
