/*
 * fuzz_symbol.c - symbol_find() must survive any table.
 *
 * The first 8 bytes are an address, the rest is the table; its head is mended
 * so far that the rest is looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "symbol.h"
#include "tools/file/bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct symbol found;
	uint8_t *table;

	if (size < 8 + SYMBOL_FUNCTIONS)
		return 0;
	size -= 8;
	table = malloc(size);
	if (!table)
		abort();
	memcpy(table, data + 8, size);
	if (data[0] & 1) {
		put_le32(table, SYMBOL_MAGIC);
		put_le32(table + SYMBOL_BYTES, (uint32_t)size);
		table[size - 1] = 0;
	}
	if (symbol_find(table, size, get_le64(data), &found) &&
	    (strlen(found.function) >= size || strlen(found.file) >= size))
		abort();
	free(table);
	return 0;
}
