/*
 * header.h - a header of lib/boot as docgen sees it.
 *
 * Everything here ends the program, with a sentence, when it meets what it
 * does not know.
 */
#ifndef DOCGEN_HEADER_H
#define DOCGEN_HEADER_H

#include <stddef.h>
#include <stdio.h>

#define LINE_MAX_BYTES 1024
#define ENTRIES_MAX 256

/* A #define or a field of a struct. */
struct entry {
	char name[64];
	char value[256];	/* of a #define; a field's type */
	char note[512];		/* the comment on its line */
	char about[1024];	/* for a group's first: the comment above */
	int group;		/* a blank line or a comment begins another */
};

/* What header_read() found, in the header's order. */
extern struct entry entries[ENTRIES_MAX];
extern size_t entry_count;

/* An attribute: cppcheck does not know _Noreturn in a header. */
__attribute__((noreturn)) void die(const char *why, const char *what);

/* Opens a header by its name in lib/boot. */
FILE *header_open(const char *header);

/* Fills `entries` with a header's #defines, but for its C-only block. */
void header_read(const char *header);

/* The entry called `name` with `suffix` behind it, or NULL. */
const struct entry *entry_find(const char *name, const char *suffix);

/* Text that is a plain number, in C's notation. */
unsigned long long number(const char *text);

/* Copies `length` characters and a NUL. */
void copy(char *to, size_t size, const char *from, size_t length);

/* Takes white space off both ends. */
void trim(char *text);

/* Cuts a comment off the line's end into `note`; "" if there is none. */
void cut_note(char *line, char *note, size_t size);

#endif
