/*
 * table.h - the table of lib/symbol.h, made from an ELF file.
 */
#ifndef SYMTAB_TABLE_H
#define SYMTAB_TABLE_H

#include "tools/file/bytes.h"
#include "tools/file/reason.h"

struct table {
	uint8_t *data; /* malloc'd */
	size_t size, room;
};

/* A pure function of the bytes of `file`, which may be any. Returns 0, or -1
 * with the reason; table_release() is due in both cases. */
int table_make(struct bytes file, struct table *table, struct reason *reason);

void table_release(struct table *table);

#endif
