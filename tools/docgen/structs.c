/*
 * structs.c - the table of a struct's fields.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "boot/bootinfo.h"
#include "boot/image.h"
#include "header.h"
#include "tables.h"

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
	constant = entry_find(open, "");
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

void table_struct(const char *name)
{
	char line[LINE_MAX_BYTES], wanted[80];
	size_t offset = 0, type;
	int inside = 0;
	FILE *in;

	snprintf(wanted, sizeof(wanted), "struct %s", name);
	type = find_type(wanted);
	strcat(wanted, " {\n");
	header_read(types[type].header);
	in = header_open(types[type].header);
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
