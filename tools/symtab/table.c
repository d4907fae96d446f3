/*
 * table.c - write the table of lib/symbol.h.
 */
#include <stdlib.h>
#include <string.h>

#include "functions.h"
#include "lines.h"
#include "symbol.h"
#include "table.h"

/* What is being made: three growing parts, joined in the end. */
struct parts {
	struct table functions, rows, strings;
	uint32_t *files; /* place of each file's name in strings, 0: not yet */
};

static int table_append(struct table *to, const void *data, size_t size,
			struct reason *reason)
{
	if (size > to->room - to->size) {
		size_t room = (to->room + size) * 2;
		uint8_t *bigger = realloc(to->data, room);

		if (!bigger)
			return refuse_memory(reason);
		to->data = bigger;
		to->room = room;
	}
	if (size)
		memcpy(to->data + to->size, data, size);
	to->size += size;
	return 0;
}

static int append32(struct table *to, uint64_t value, struct reason *reason)
{
	uint8_t bytes[4];

	if (value > UINT32_MAX)
		return refuse(reason, "the functions span more than 4 GiB: "
				      "link them closer together");
	put_le32(bytes, (uint32_t)value);
	return table_append(to, bytes, sizeof(bytes), reason);
}

static int append_number(struct table *to, uint32_t value,
			 struct reason *reason)
{
	uint8_t bytes[5];
	size_t size = 0;

	for (; value > 0x7F; value >>= 7)
		bytes[size++] = (uint8_t)(value | 0x80);
	bytes[size++] = (uint8_t)value;
	return table_append(to, bytes, size, reason);
}

/* A new string's place. */
static int append_string(struct table *strings, const char *text, size_t length,
			 uint32_t *place, struct reason *reason)
{
	*place = (uint32_t)strings->size;
	return table_append(strings, text, length, reason) ||
	       table_append(strings, "", 1, reason);
}

static int file_place(struct parts *parts, const struct lines *lines,
		      unsigned int file, uint32_t *place, struct reason *reason)
{
	const char *name = lines->files.list[file];

	if (*name && !parts->files[file] &&
	    append_string(&parts->strings, name, strlen(name),
			  &parts->files[file], reason))
		return -1;
	*place = parts->files[file];
	return 0;
}

/* What the last row said. */
struct state {
	uint64_t address;
	unsigned int file, line;
};

/* A row that says that `next` is in force from next->address on. */
static int append_row(struct parts *parts, const struct lines *lines,
		      struct state *now, const struct state *next,
		      struct reason *reason)
{
	uint32_t step = next->line - now->line;
	uint32_t folded = step << 1 ^ (step >> 31 ? UINT32_MAX : 0);
	bool other_file = next->file != now->file;
	uint32_t place;

	if (folded >> 31) /* no source has a thousand million lines */
		return refuse(reason,
			      ".debug_line is broken, line %u follows "
			      "line %u: link the file again",
			      next->line, now->line);
	if (append_number(&parts->rows,
			  (uint32_t)(next->address - now->address), reason) ||
	    append_number(&parts->rows, folded << 1 | other_file, reason))
		return -1;
	*now = *next;
	if (!other_file)
		return 0;
	return file_place(parts, lines, next->file, &place, reason) ||
	       append_number(&parts->rows, place, reason);
}

/* What holds from row `i` on. Of several rows at one address the last counts;
 * compilers give line 0 to what no line caused: the line before goes on. */
static struct state state_at(const struct lines *lines, size_t i)
{
	const struct line_row *row = &lines->rows[i];

	if (row->end)
		return (struct state){ row->address, 0, 0 };
	return (struct state){ row->address, row->file, row->line };
}

/* The rows of one function. `*i` is the first row behind the function before;
 * moved behind this one. `*current` is what holds there. */
static int append_rows(struct parts *parts, const struct lines *lines,
		       const struct function *function, size_t *i,
		       struct state *current, struct reason *reason)
{
	uint64_t end = function->start + function->size;
	struct state now = { function->start, 0, 0 };
	uint64_t at = function->start;

	for (; at < end;
	     at = *i < lines->count ? lines->rows[*i].address : end) {
		for (; *i < lines->count && lines->rows[*i].address <= at;
		     ++*i) {
			struct state next = state_at(lines, *i);

			if (next.line || lines->rows[*i].end)
				*current = next;
		}
		current->address = at;
		if ((current->line != now.line || current->file != now.file) &&
		    append_row(parts, lines, &now, current, reason))
			return -1;
	}
	current->address = end;
	return append_row(parts, lines, &now,
			  &(struct state){ end, now.file, now.line }, reason);
}

static int append_function(struct parts *parts, const struct function *function,
			   uint64_t base, struct reason *reason)
{
	uint32_t name;

	return append_string(&parts->strings, function->name,
			     function->name_length, &name, reason) ||
	       append32(&parts->functions, function->start - base, reason) ||
	       append32(&parts->functions, function->size, reason) ||
	       append32(&parts->functions, name, reason) ||
	       append32(&parts->functions, parts->rows.size, reason);
}

static int fill_parts(struct parts *parts, const struct functions *functions,
		      const struct lines *lines, struct reason *reason)
{
	struct state current = { 0, 0, 0 };
	size_t row = 0;

	parts->files = calloc(lines->files.count, sizeof(*parts->files));
	if (!parts->files)
		return refuse_memory(reason);
	if (table_append(&parts->strings, "", 1, reason))
		return -1;
	for (size_t i = 0; i < functions->count; i++)
		if (append_function(parts, &functions->list[i],
				    functions->list[0].start, reason) ||
		    append_rows(parts, lines, &functions->list[i], &row,
				&current, reason))
			return -1;
	return 0;
}

static int join_parts(const struct parts *parts, uint64_t base,
		      struct table *table, struct reason *reason)
{
	uint64_t rows = SYMBOL_FUNCTIONS + parts->functions.size;
	uint64_t strings = rows + parts->rows.size;

	return append32(table, SYMBOL_MAGIC, reason) ||
	       append32(table, strings + parts->strings.size, reason) ||
	       append32(table, base & UINT32_MAX, reason) ||
	       append32(table, base >> 32, reason) ||
	       append32(table, parts->functions.size / SYMBOL_FUNCTION_SIZE,
			reason) ||
	       append32(table, rows, reason) ||
	       append32(table, strings, reason) || append32(table, 0, reason) ||
	       table_append(table, parts->functions.data, parts->functions.size,
			    reason) ||
	       table_append(table, parts->rows.data, parts->rows.size,
			    reason) ||
	       table_append(table, parts->strings.data, parts->strings.size,
			    reason);
}

static int make_table(const struct functions *functions,
		      const struct lines *lines, struct table *table,
		      struct reason *reason)
{
	struct parts parts;
	int result;

	memset(&parts, 0, sizeof(parts));
	result = fill_parts(&parts, functions, lines, reason) ||
		 join_parts(&parts, functions->list[0].start, table, reason);
	table_release(&parts.functions);
	table_release(&parts.rows);
	table_release(&parts.strings);
	free(parts.files);
	return result ? -1 : 0;
}

int table_make(struct bytes file, struct table *table, struct reason *reason)
{
	struct functions functions = { NULL, 0, 0 };
	struct lines lines = { .rows = NULL };
	struct elf64_sections sections;
	int result;

	memset(table, 0, sizeof(*table));
	result = elf64_check(file, reason) ||
		 elf64_sections(file, &sections, reason) ||
		 functions_read(&sections, &functions, reason) ||
		 lines_read(&sections, &lines, reason) ||
		 make_table(&functions, &lines, table, reason);
	functions_release(&functions);
	lines_release(&lines);
	return result ? -1 : 0;
}

void table_release(struct table *table)
{
	free(table->data);
	memset(table, 0, sizeof(*table));
}
