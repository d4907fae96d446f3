#include "symbol.h"

#include "string.h"

struct table {
	const uint8_t *functions;
	uint32_t count;
	uint64_t base;
	const uint8_t *rows, *rows_end;
	const char *strings;
	uint32_t strings_size;
};

struct function {
	uint32_t start, size, name, rows;
};

struct row {
	uint64_t at; /* from the function's start */
	uint32_t file, line;
};

static uint32_t get32(const uint8_t *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof(value));
	return value;
}

/* Fills in `table`; false if the bytes are none. */
static bool open_table(struct table *table, const uint8_t *data, size_t size)
{
	uint32_t bytes, rows, strings;

	if (size < SYMBOL_FUNCTIONS || get32(data) != SYMBOL_MAGIC)
		return false;
	bytes = get32(data + SYMBOL_BYTES);
	rows = get32(data + SYMBOL_ROWS);
	strings = get32(data + SYMBOL_STRINGS);
	table->count = get32(data + SYMBOL_COUNT);
	if (bytes > size || strings >= bytes || rows > strings ||
	    rows < SYMBOL_FUNCTIONS || data[bytes - 1] != 0 ||
	    table->count > (rows - SYMBOL_FUNCTIONS) / SYMBOL_FUNCTION_SIZE)
		return false;
	table->functions = data + SYMBOL_FUNCTIONS;
	table->base = get32(data + SYMBOL_BASE) |
		      (uint64_t)get32(data + SYMBOL_BASE + 4) << 32;
	table->rows = data + rows;
	table->rows_end = data + strings;
	table->strings = (const char *)data + strings;
	table->strings_size = bytes - strings;
	return true;
}

static struct function function_at(const struct table *table, uint32_t index)
{
	const uint8_t *at =
		table->functions + (size_t)index * SYMBOL_FUNCTION_SIZE;

	return (struct function){ get32(at), get32(at + 4), get32(at + 8),
				  get32(at + 12) };
}

/* The last function that starts at or before `offset`; false: none, or the
 * offset lies behind its end. */
static bool find_function(const struct table *table, uint64_t offset,
			  struct function *found)
{
	uint32_t low = 0, high = table->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (function_at(table, middle).start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return false;
	*found = function_at(table, low - 1);
	return offset - found->start < found->size;
}

/* Reads a number at `*at`; 0 at the end of the rows. */
static uint32_t next_number(const uint8_t **at, const uint8_t *end)
{
	uint32_t value = 0;
	unsigned int shift = 0;

	while (*at < end) {
		uint8_t byte = *(*at)++;

		if (shift < 32)
			value |= (uint32_t)(byte & 0x7F) << shift;
		shift += 7;
		if (!(byte & 0x80))
			break;
	}
	return value;
}

/* The row that is in force `offset` bytes into the function. */
static struct row find_row(const struct table *table,
			   const struct function *function, uint64_t offset)
{
	const uint8_t *end = table->rows_end;
	const uint8_t *at = table->rows;
	struct row found = { 0, 0, 0 };

	if (function->rows > (size_t)(end - at))
		return found;
	at += function->rows;
	while (at < end) {
		uint32_t step, folded;

		found.at += next_number(&at, end);
		if (found.at > offset)
			break;
		step = next_number(&at, end);
		if (step & 1)
			found.file = next_number(&at, end);
		folded = step >> 1;
		found.line += folded >> 1 ^ (folded & 1 ? UINT32_MAX : 0);
	}
	return found;
}

static const char *string_at(const struct table *table, uint32_t offset)
{
	return offset < table->strings_size ? table->strings + offset : "";
}

bool symbol_find(const void *data, size_t bytes, uint64_t address,
		 struct symbol *found)
{
	struct table table;
	struct function function;
	struct row row;
	uint64_t offset;

	if (!open_table(&table, data, bytes) || address < table.base)
		return false;
	offset = address - table.base;
	if (!find_function(&table, offset, &function))
		return false;
	offset -= function.start;
	row = find_row(&table, &function, offset);
	found->function = string_at(&table, function.name);
	found->offset = offset;
	found->file = string_at(&table, row.file);
	found->line = row.line;
	return true;
}

bool symbol_nth(const void *data, size_t bytes, size_t n, const char **name,
		uint64_t *address)
{
	struct table table;
	struct function function;

	if (!open_table(&table, data, bytes) || n >= table.count)
		return false;
	function = function_at(&table, (uint32_t)n);
	*name = string_at(&table, function.name);
	*address = table.base + function.start;
	return true;
}
