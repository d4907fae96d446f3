/*
 * reader.c - read bytes one after the other, never beyond their end.
 */
#include <string.h>

#include "reader.h"

struct reader reader_start(struct bytes bytes)
{
	return (struct reader){ bytes.data, bytes.data + bytes.size, false };
}

size_t reader_left(const struct reader *reader)
{
	return (size_t)(reader->end - reader->at);
}

struct bytes reader_take(struct reader *reader, uint64_t count)
{
	struct bytes taken = { reader->at, 0 };

	if (count > reader_left(reader)) {
		reader->broken = true;
		reader->at = reader->end;
		return taken;
	}
	taken.size = (size_t)count;
	reader->at += count;
	return taken;
}

uint64_t reader_number(struct reader *reader, unsigned int size)
{
	struct bytes bytes = reader_take(reader, size);
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.size; i++)
		value |= (uint64_t)bytes.data[i] << 8 * i;
	return value;
}

/* The bits of an LEB128 number; sets `*bits` to how many there are, and
 * `*last` to its last byte. */
static uint64_t read_leb(struct reader *reader, unsigned int *bits,
			 uint8_t *last)
{
	uint64_t value = 0;

	*bits = 0;
	do {
		*last = (uint8_t)reader_number(reader, 1);
		if (*bits < 64)
			value |= (uint64_t)(*last & 0x7F) << *bits;
		*bits += 7;
	} while (*last & 0x80);
	return value;
}

uint64_t reader_uleb(struct reader *reader)
{
	unsigned int bits;
	uint8_t last;

	return read_leb(reader, &bits, &last);
}

int64_t reader_sleb(struct reader *reader)
{
	unsigned int bits;
	uint8_t last;
	uint64_t value = read_leb(reader, &bits, &last);

	if (last & 0x40 && bits < 64)
		value |= UINT64_MAX << bits;
	return (int64_t)value;
}

const char *reader_string(struct reader *reader)
{
	size_t left = reader_left(reader);
	const uint8_t *nul = left ? memchr(reader->at, 0, left) : NULL;
	const char *text = (const char *)reader->at;

	if (!nul) {
		reader->broken = true;
		reader->at = reader->end;
		return "";
	}
	reader->at = nul + 1;
	return text;
}
