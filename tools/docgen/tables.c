/*
 * tables.c - tables made from a header's #defines.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "header.h"
#include "tables.h"

void print_cell(const char *text)
{
	for (; *text; text++)
		printf(*text == '|' ? "\\|" : "%c", *text);
}

static void print_size(unsigned long long bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB" };
	size_t unit = 0;

	while (unit < 3 && bytes && bytes % 1024 == 0) {
		bytes /= 1024;
		unit++;
	}
	if (unit == 3 || bytes < 1024)
		printf("%llu %s", bytes, units[unit]);
	else
		printf("%g %s", (double)bytes / 1024, units[unit + 1]);
}

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length > end_length && !strcmp(name + length - end_length, end);
}

static void memory_row(const struct entry *from, const char *about)
{
	size_t length = strlen(from->name) - strlen("_ADDR");
	unsigned long long low = number(from->value), high;
	const struct entry *to;
	char name[64];

	copy(name, sizeof(name), from->name, length);
	to = entry_find(name, "_END");
	printf("| `0x%08llX` | ", low);
	if (to) {
		high = number(to->value);
		if (high <= low)
			die("ends before it starts", name);
		printf("`0x%08llX` | ", high);
		print_size(high - low);
	} else {
		printf(" | ");
	}
	printf(" | `%s` | ", name);
	print_cell(about);
	printf(" |\n");
}

/* An end is printed with its start; here only: is there one? */
static void check_end(const struct entry *end)
{
	char name[sizeof(end->name)];

	copy(name, sizeof(name), end->name, strlen(end->name) - strlen("_END"));
	if (!entry_find(name, "_ADDR"))
		die("an _END without its _ADDR", end->name);
}

void table_memory_map(const char *argument)
{
	const char *about = "";
	int group = -1;

	(void)argument;
	header_read("layout.h");
	printf("| from | up to | size | name | what |\n"
	       "|---|---|---|---|---|\n");
	for (size_t i = 0; i < entry_count; i++) {
		if (entries[i].group != group)
			about = entries[i].about;
		group = entries[i].group;
		if (ends_in(entries[i].name, "_END"))
			check_end(&entries[i]);
		if (!ends_in(entries[i].name, "_ADDR"))
			continue;
		memory_row(&entries[i], about);
		about = "";
	}
}

static void table_head(const struct entry *entry, const char *head)
{
	printf("%s%s%s%s", entry == entries ? "" : "\n", entry->about,
	       entry->about[0] ? "\n\n" : "", head);
}

/* A name may end in _TEXT and be a code: the value tells which it is. */
static bool is_words(const struct entry *entry)
{
	return entry->value[0] == '"';
}

/* A letter of the boot sector: the words are the comment. */
static void letter_row(const struct entry *entry)
{
	if (!entry->note[0])
		die("has no words", entry->name);
	printf("| `%c` | ", entry->value[1]);
	print_cell(entry->note);
	printf(" | `%s` |\n", entry->name);
}

/* Two hexadecimal digits: the words are NAME_TEXT, in "quotes". */
static void code_row(const struct entry *entry)
{
	const struct entry *text = entry_find(entry->name, "_TEXT");
	size_t length;

	if (strncmp(entry->value, "0x", 2) || strlen(entry->value) != 4)
		die("neither a letter, nor two hexadecimal digits, nor words",
		    entry->name);
	if (!text || !is_words(text))
		die("has no words", entry->name);
	length = strlen(text->value);
	if (length < 3 || text->value[length - 1] != '"')
		die("no text", text->name);
	printf("| `%s` | `%.*s` | `%s` |\n", entry->value + strlen("0x"),
	       (int)length - 2, text->value + 1, entry->name);
}

/* Words are printed with their code; here only: is there one? */
static void check_words(const struct entry *text)
{
	size_t length = strlen(text->name);
	char name[sizeof(text->name)];
	const struct entry *code;

	if (!ends_in(text->name, "_TEXT"))
		die("words whose name does not end in _TEXT", text->name);
	copy(name, sizeof(name), text->name, length - strlen("_TEXT"));
	code = entry_find(name, "");
	if (!code || strncmp(code->value, "0x", 2))
		die("words without a code", text->name);
}

void table_errors(const char *argument)
{
	int group = -1;

	(void)argument;
	header_read("errors.h");
	for (size_t i = 0; i < entry_count; i++) {
		const struct entry *entry = &entries[i];

		if (entry->group != group)
			table_head(entry, "| code | words | name |\n"
					  "|---|---|---|\n");
		group = entry->group;
		if (is_words(entry))
			check_words(entry);
		else if (entry->value[0] == '\'')
			letter_row(entry);
		else
			code_row(entry);
	}
}

void table_constants(const char *header)
{
	int group = -1;

	header_read(header);
	for (size_t i = 0; i < entry_count; i++) {
		if (entries[i].group != group)
			table_head(&entries[i], "| name | value | meaning |\n"
						"|---|---|---|\n");
		group = entries[i].group;
		printf("| `%s` | `", entries[i].name);
		print_cell(entries[i].value);
		printf("` | ");
		print_cell(entries[i].note);
		printf(" |\n");
	}
}
