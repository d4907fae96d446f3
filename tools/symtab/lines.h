/*
 * lines.h - the rows of all DWARF line programs (.debug_line), versions 2 to 5.
 *
 * Section numbers are those of the DWARF 5 standard. Any bytes are safe input.
 */
#ifndef SYMTAB_LINES_H
#define SYMTAB_LINES_H

#include <stdbool.h>

#include "sections.h"

struct line_row {
	uint64_t address;
	unsigned int file; /* index into lines.files */
	unsigned int line; /* 0: belongs to no line */
	bool end;	   /* behind the last instruction of a sequence */
	size_t order;	   /* as read */
};

/* All rows in order of their addresses; files are named as the compiler knew
 * them, without a leading "./". Index 0 is the file without a name. */
struct lines {
	struct line_row *rows;
	size_t count, room;
	char **files;
	unsigned int file_count;
};

/* Returns 0, or -1 with the reason; lines_release() is due in both cases. */
int lines_read(const struct sections *sections, struct lines *lines,
	       struct reason *reason);

void lines_release(struct lines *lines);

/* For line_header.c: the index of a file's name, which is added if it is new.
 * Returns as lines_read(). */
int lines_file(struct lines *lines, const char *directory, const char *name,
	       unsigned int *index, struct reason *reason);

#endif
