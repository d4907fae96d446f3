/*
 * file_names.h - the names of source files, each once.
 */
#ifndef SYMTAB_FILE_NAMES_H
#define SYMTAB_FILE_NAMES_H

#include "tools/file/reason.h"

struct file_names {
	char **list; /* malloc'd, and so is each name */
	unsigned int count;
};

/* The index of "directory/name", which is added if it is new; a leading "./" is
 * left out, and `directory` where `name` is absolute. Returns 0, or -1 with the
 * reason. */
int file_names_add(struct file_names *names, const char *directory,
		   const char *name, unsigned int *index,
		   struct reason *reason);

void file_names_release(struct file_names *names);

#endif
