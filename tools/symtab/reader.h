/*
 * reader.h - read bytes one after the other, never beyond their end.
 *
 * What is not there reads as 0 and sets `broken`, so a caller may read a whole
 * structure and ask once.
 */
#ifndef SYMTAB_READER_H
#define SYMTAB_READER_H

#include <stdbool.h>

#include "tools/file/bytes.h"

struct reader {
	const uint8_t *at;
	const uint8_t *end;
	bool broken;
};

struct reader reader_start(struct bytes bytes);

/* Bytes that are left. */
size_t reader_left(const struct reader *reader);

/* The next `count` bytes; none of them if they are not all there. */
struct bytes reader_take(struct reader *reader, uint64_t count);

/* A little-endian number of `size` bytes, 1, 2, 4 or 8. */
uint64_t reader_number(struct reader *reader, unsigned int size);

/* DWARF 5, 7.6. Bits beyond 64 are lost. */
uint64_t reader_uleb(struct reader *reader);
int64_t reader_sleb(struct reader *reader);

/* A string with its NUL; never NULL. */
const char *reader_string(struct reader *reader);

#endif
