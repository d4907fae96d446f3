/*
 * tables.c - tables made from a header's #defines.
 */
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

void table_memory_map(const char *argument)
{
	const char *about = "";
	int group = -1;

	(void)argument;
	header_read("layout.h");
	printf("| from | up to | size | name | what |\n"
	       "|---|---|---|---|---|\n");
	for (size_t i = 0; i < entry_count; i++) {
		const char *suffix = strrchr(entries[i].name, '_');

		if (entries[i].group != group)
			about = entries[i].about;
		group = entries[i].group;
		if (!suffix || strcmp(suffix, "_ADDR"))
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

/* The words in "quotes", or for a boot sector's letter the comment. */
static void errors_row(const struct entry *entry)
{
	const struct entry *text = entry_find(entry->name, "_TEXT");
	size_t length;

	if (entry->value[0] != '\'' && strncmp(entry->value, "0x", 2))
		die("neither a letter nor hexadecimal", entry->name);
	if (entry->value[0] == '\'')
		printf("| `%c` | ", entry->value[1]);
	else
		printf("| `%s` | ", entry->value + strlen("0x"));
	if (text) {
		length = strlen(text->value);
		if (length < 2)
			die("no text", text->name);
		printf("`%.*s`", (int)length - 2, text->value + 1);
	} else if (entry->note[0]) {
		print_cell(entry->note);
	} else {
		die("has no words", entry->name);
	}
	printf(" | `%s` |\n", entry->name);
}

void table_errors(const char *argument)
{
	int group = -1;

	(void)argument;
	header_read("errors.h");
	for (size_t i = 0; i < entry_count; i++) {
		const char *suffix = strrchr(entries[i].name, '_');

		if (entries[i].group != group)
			table_head(&entries[i], "| code | words | name |\n"
						"|---|---|---|\n");
		group = entries[i].group;
		if (!suffix || strcmp(suffix, "_TEXT"))
			errors_row(&entries[i]);
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
