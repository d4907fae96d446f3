/*
 * fuzz_symtab.c - symtab must survive any file, and write tables that hold
 * what they promise.
 *
 * The first byte chooses how the rest is read: as the line programs of a good
 * file, as the names of their files, as changes to the file's sections and
 * symbols, or as the whole file.
 */
#include <stdlib.h>

#include "symbol.h"
#include "tests/host/debug_file.h"
#include "tools/symtab/table.h"

#define CHANGE_SIZE 10 /* an offset, then 8 bytes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct debug_symbol symbols[] = {
	{ "f", DEBUG_FILE_TEXT, 0x20, DEBUG_FILE_FUNC, 1 },
	{ "g", DEBUG_FILE_TEXT + 0x20, 0x100, DEBUG_FILE_FUNC, 1 },
	{ "h", DEBUG_FILE_TEXT + 0x200, 0, DEBUG_FILE_NOTYPE, 1 },
	{ NULL, 0, 0, 0, 0 },
};

static void require(int promise)
{
	if (!promise)
		abort();
}

/* Every function that the table names can be found in it. */
static void check_table(const struct table *table)
{
	uint64_t base = get_le64(table->data + SYMBOL_BASE);
	uint32_t count = get_le32(table->data + SYMBOL_COUNT);
	struct symbol found;

	require(count > 0);
	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *function = table->data + SYMBOL_FUNCTIONS +
					  (size_t)i * SYMBOL_FUNCTION_SIZE;
		uint32_t start = get_le32(function);
		uint32_t bytes = get_le32(function + 4);

		require(bytes > 0);
		require(symbol_find(table->data, table->size, base + start,
				    &found));
		require(found.offset == 0 && found.function[0] != '\0');
		require(symbol_find(table->data, table->size,
				    base + start + bytes - 1, &found));
		require(found.offset == bytes - 1);
	}
}

static void try_file(struct bytes file)
{
	struct reason reason = { "" };
	struct table table;

	if (table_make(file, &table, &reason))
		require(reason.text[0] != '\0');
	else
		check_table(&table);
	table_release(&table);
}

static void change(struct debug_file *file, const uint8_t *changes, size_t size)
{
	for (; size >= CHANGE_SIZE; size -= CHANGE_SIZE) {
		size_t at = get_le16(changes) % (file->size - 8);

		memcpy(file->data + at, changes + 2, 8);
		changes += CHANGE_SIZE;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t strings[] = "a.c\0b.h\0d";
	struct bytes line_strings = { strings, sizeof(strings) };
	struct bytes none = { data, 0 };
	struct debug_file file;

	if (!size || size > 8192)
		return 0;
	if (data[0] % 3 == 0) {
		try_file((struct bytes){ data + 1, size - 1 });
		return 0;
	}
	file = debug_file_make(symbols,
			       data[0] % 3 == 1 ?
				       (struct bytes){ data + 1, size - 1 } :
				       none,
			       line_strings);
	if (data[0] % 3 == 2)
		change(&file, data + 1, size - 1);
	try_file((struct bytes){ file.data, file.size });
	free(file.data);
	return 0;
}
