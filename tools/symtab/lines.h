/*
 * lines.h - the rows of all DWARF line programs (.debug_line), versions 2 to 5.
 *
 * Section numbers are those of the DWARF 5 standard. Any bytes are safe input.
 */
#ifndef SYMTAB_LINES_H
#define SYMTAB_LINES_H

#include <stdbool.h>

#include "file_names.h"
#include "tools/elf/elf64.h"

struct line_row {
	uint64_t address;
	unsigned int file; /* index into lines.files */
	unsigned int line; /* 0: belongs to no line */
	bool end;	   /* behind the last instruction of a sequence */
	size_t order;	   /* as read */
};

/* All rows in order of their addresses; files are named as the compiler knew
 * them. Index 0 is the file without a name. */
struct lines {
	struct line_row *rows;
	size_t count, room;
	struct file_names files;
};

/* Returns 0, or -1 with the reason; lines_release() is due in both cases. */
int lines_read(const struct elf64_sections *sections, struct lines *lines,
	       struct reason *reason);

void lines_release(struct lines *lines);

#endif
