/*
 * docgen - make the tables of a document new from lib/boot.
 *
 *	docgen docs/errors.md > new.md
 *
 * Copies a document; what stands between a line "<!-- generated: NAME -->"
 * and the next "<!-- end -->" is replaced. NAME is one of
 *
 *	memory-map		layout.h: X_ADDR, X_END and their comments
 *	errors			errors.h: codes and words
 *	constants HEADER	all #defines of a header, with their comments
 *	struct NAME		fields of a struct in bootinfo.h or image.h
 *
 * Run from the top of the tree. Like h2inc it dies on what it does not know.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/bootinfo.h"
#include "boot/image.h"

#define LINE_MAX_BYTES 1024
#define ENTRIES_MAX 256

/* A #define or a field of a struct. */
struct entry {
	char name[64];
	char value[256];	/* of a #define; a field's type */
	char note[512];		/* the comment on its line */
	char about[1024];	/* for a group's first: the comment above */
	int group;		/* a blank line or a comment begins another */
};

static struct entry entries[ENTRIES_MAX];
static size_t entry_count;

static _Noreturn void die(const char *why, const char *what)
{
	fprintf(stderr, "docgen: %s: %s\n", why, what);
	exit(1);
}

static void copy(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		die("too long", from);
	memcpy(to, from, length);
	to[length] = '\0';
}

static void trim(char *text)
{
	size_t from = strspn(text, " \t"), length = strlen(text);

	while (length > from && isspace((unsigned char)text[length - 1]))
		length--;
	memmove(text, text + from, length - from);
	text[length - from] = '\0';
}

/* Cut a comment off the line's end into `note`. */
static void cut_note(char *line, char *note, size_t size)
{
	char *start = strstr(line, "/*"), *end;

	note[0] = '\0';
	if (start) {
		end = strstr(start, "*/");
		if (!end)
			die("a comment goes on in the next line", line);
		copy(note, size, start + 2, (size_t)(end - start - 2));
		trim(note);
		*start = '\0';
	}
	trim(line);
}

/* Add a line of a comment block to `text`; was it the last? */
static int comment_line(char *text, size_t size, char *line)
{
	char *end = strstr(line, "*/");

	if (end)
		*end = '\0';
	trim(line);
	if (line[0] == '/' && line[1] == '*')
		line += 2;
	else if (line[0] == '*')
		line++;
	trim(line);
	if (strlen(text) + strlen(line) + 2 > size)
		die("a comment is too long", line);
	if (text[0] && line[0])
		strcat(text, " ");
	strcat(text, line);
	return end != NULL;
}

static FILE *open_header(const char *header)
{
	char path[128];
	FILE *in;

	snprintf(path, sizeof(path), "lib/boot/%s", header);
	in = fopen(path, "r");
	if (!in) {
		perror(path);
		exit(1);
	}
	return in;
}

/* "#define NAME value", its comment already cut off; guards have no value. */
static void add_define(const char *line, const char *note, const char *about,
		       int group)
{
	struct entry *entry = &entries[entry_count];
	const char *name = line + strlen("#define ");
	size_t length = strcspn(name, " \t");

	if (!name[length])
		return;
	if (entry_count == ENTRIES_MAX)
		die("too many #defines", line);
	copy(entry->name, sizeof(entry->name), name, length);
	copy(entry->value, sizeof(entry->value), name + length,
	     strlen(name + length));
	trim(entry->value);
	copy(entry->note, sizeof(entry->note), note, strlen(note));
	copy(entry->about, sizeof(entry->about), about, strlen(about));
	entry->group = group;
	entry_count++;
}

/* Fill `entries` with a header's #defines, up to its C-only block. */
static void read_defines(const char *header)
{
	char line[LINE_MAX_BYTES], about[1024] = "", note[512];
	int in_comment = 0, group = 0;
	FILE *in = open_header(header);

	entry_count = 0;
	while (fgets(line, sizeof(line), in) &&
	       strncmp(line, "#ifndef __ASSEMBLER__", 21)) {
		if (in_comment || !strncmp(line, "/*", 2)) {
			if (!in_comment)
				about[0] = '\0';
			group += !in_comment;
			in_comment = !comment_line(about, sizeof(about), line);
		} else if (!strncmp(line, "#define ", 8)) {
			cut_note(line, note, sizeof(note));
			add_define(line, note, about, group);
			about[0] = '\0';
		} else {
			about[0] = '\0';
			group++;
		}
	}
	fclose(in);
}

static const struct entry *find(const char *name, const char *suffix)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < entry_count; i++)
		if (!strncmp(entries[i].name, name, length) &&
		    !strcmp(entries[i].name + length, suffix))
			return &entries[i];
	return NULL;
}

static unsigned long long number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (end == text || *end)
		die("not a plain number", text);
	return value;
}

/* A cell of a table: a '|' would end it. */
static void print_cell(const char *text)
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

/* ---- Tables ----------------------------------------------------------- */

static void memory_row(const struct entry *from, const char *about)
{
	size_t length = strlen(from->name) - strlen("_ADDR");
	unsigned long long low = number(from->value), high;
	const struct entry *to;
	char name[64];

	copy(name, sizeof(name), from->name, length);
	to = find(name, "_END");
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

static void memory_map(const char *argument)
{
	const char *about = "";
	int group = -1;

	(void)argument;
	read_defines("layout.h");
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
	const struct entry *text = find(entry->name, "_TEXT");
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

static void errors(const char *argument)
{
	int group = -1;

	(void)argument;
	read_defines("errors.h");
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

static void constants(const char *header)
{
	int group = -1;

	read_defines(header);
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

/* ---- Structs ---------------------------------------------------------- */

/* What the compiler says, to hold our own arithmetic to. */
static const struct {
	const char *type;
	const char *header;
	size_t size, align;
} types[] = {
	{ "char", NULL, 1, 1 },
	{ "uint8_t", NULL, 1, 1 },
	{ "uint16_t", NULL, 2, 2 },
	{ "uint32_t", NULL, 4, 4 },
	{ "uint64_t", NULL, 8, 8 },
#define TYPE(type, header) #type, header, sizeof(type), _Alignof(type)
	{ TYPE(struct mem_range, "bootinfo.h") },
	{ TYPE(struct boot_range, "bootinfo.h") },
	{ TYPE(struct boot_video, "bootinfo.h") },
	{ TYPE(struct boot_info, "bootinfo.h") },
	{ TYPE(struct image_blob, "image.h") },
	{ TYPE(struct image_header, "image.h") },
};

static size_t find_type(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strcmp(types[i].type, name))
			return i;
	die("unknown type", name);
}

/* N of a field "name[N]", 1 without; cuts it off. N: a number, a #define,
 * or one of them + 1. */
static size_t cut_count(char *name)
{
	char *open = strchr(name, '['), *plus, *close;
	const struct entry *constant;
	size_t more = 0;

	if (!open)
		return 1;
	*open++ = '\0';
	close = strchr(open, ']');
	if (!close || close[1])
		die("not an array", name);
	*close = '\0';
	plus = strchr(open, '+');
	if (plus) {
		*plus = '\0';
		more = (size_t)number(plus + 1 + strspn(plus + 1, " "));
	}
	trim(open);
	constant = find(open, "");
	return (size_t)number(constant ? constant->value : open) + more;
}

/* Print the row of "type name;", at or behind `offset`; returns its end. */
static size_t field_row(char *line, size_t offset)
{
	char note[512], *name;
	size_t length, count, type;

	cut_note(line, note, sizeof(note));
	length = strlen(line);
	if (!length || line[length - 1] != ';')
		die("not a field", line);
	line[length - 1] = '\0';
	name = line + strcspn(line, "[");
	while (name > line && !isspace((unsigned char)*name))
		name--;
	if (name == line)
		die("not a field", line);
	*name++ = '\0';
	trim(line);
	type = find_type(line);
	count = cut_count(name);
	offset = (offset + types[type].align - 1) / types[type].align *
		 types[type].align;
	printf("| %zu | `%s", offset, line);
	if (count > 1)
		printf("[%zu]", count);
	printf("` | `%s` | ", name);
	print_cell(note);
	printf(" |\n");
	return offset + count * types[type].size;
}

static void structure(const char *name)
{
	char line[LINE_MAX_BYTES], wanted[80];
	size_t offset = 0, type;
	int inside = 0;
	FILE *in;

	snprintf(wanted, sizeof(wanted), "struct %s", name);
	type = find_type(wanted);
	strcat(wanted, " {\n");
	read_defines(types[type].header);
	in = open_header(types[type].header);
	printf("| offset | type | field | meaning |\n|---|---|---|---|\n");
	while (fgets(line, sizeof(line), in)) {
		if (!strcmp(line, wanted)) {
			inside = 1;
		} else if (inside && !strcmp(line, "};\n")) {
			inside = 2;
			break;
		} else if (inside) {
			offset = field_row(line, offset);
		}
	}
	fclose(in);
	offset = (offset + types[type].align - 1) / types[type].align *
		 types[type].align;
	if (inside != 2 || offset != types[type].size)
		die("its size is not the compiler's", name);
	printf("| %zu | | | its end |\n", offset);
}

/* ---- Documents -------------------------------------------------------- */

static const struct {
	const char *name;
	void (*print)(const char *argument);
} tables[] = {
	{ "memory-map", memory_map },
	{ "errors", errors },
	{ "constants", constants },
	{ "struct", structure },
};

static void print_table(char *name)
{
	char *end = strstr(name, " -->");
	char *argument;

	if (!end)
		die("a marker without its end", name);
	*end = '\0';
	argument = name + strcspn(name, " ");
	if (*argument)
		*argument++ = '\0';
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (!strcmp(tables[i].name, name)) {
			tables[i].print(argument);
			return;
		}
	}
	die("no such table", name);
}

static void translate(FILE *in, const char *path)
{
	static const char begin[] = "<!-- generated: ";
	char line[LINE_MAX_BYTES];
	int inside = 0;

	while (fgets(line, sizeof(line), in)) {
		if (!strncmp(line, begin, strlen(begin))) {
			if (inside)
				die("a marker inside a table", path);
			inside = 1;
			printf("%s\n", line);
			print_table(line + strlen(begin));
		} else if (inside && !strcmp(line, "<!-- end -->\n")) {
			inside = 0;
			putchar('\n');
		}
		if (!inside)
			fputs(line, stdout);
	}
	if (inside)
		die("a table without <!-- end -->", path);
}

int main(int argc, char **argv)
{
	FILE *in;

	if (argc != 2 || !strcmp(argv[1], "--help")) {
		fprintf(stderr, "usage: docgen DOCUMENT > NEW\n");
		return 2;
	}
	in = fopen(argv[1], "r");
	if (!in) {
		perror(argv[1]);
		return 1;
	}
	translate(in, argv[1]);
	if (ferror(in) || fflush(stdout) || ferror(stdout)) {
		perror(argv[1]);
		return 1;
	}
	fclose(in);
	return 0;
}
