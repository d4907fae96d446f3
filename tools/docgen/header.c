/*
 * header.c - read a header's #defines and comments, line by line.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "header.h"

struct entry entries[ENTRIES_MAX];
size_t entry_count;

void die(const char *why, const char *what)
{
	fprintf(stderr, "docgen: %s: %s\n", why, what);
	exit(1);
}

void copy(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		die("too long", from);
	memcpy(to, from, length);
	to[length] = '\0';
}

void trim(char *text)
{
	size_t from = strspn(text, " \t"), length = strlen(text);

	while (length > from && isspace((unsigned char)text[length - 1]))
		length--;
	memmove(text, text + from, length - from);
	text[length - from] = '\0';
}

/* Where a comment starts: not inside a string. */
static char *find_comment(char *line)
{
	int quoted = 0;

	for (char *at = line; *at; at++) {
		if (*at == '"')
			quoted = !quoted;
		if (!quoted && at[0] == '/' && at[1] == '*')
			return at;
	}
	return NULL;
}

void cut_note(char *line, char *note, size_t size)
{
	char *start = find_comment(line), *end;

	note[0] = '\0';
	if (start) {
		end = strstr(start, "*/");
		if (!end)
			die("a comment goes on in the next line", line);
		if (end[2 + strspn(end + 2, " \t\n")])
			die("something behind the comment", line);
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

FILE *header_open(const char *header)
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

/* A line of a C-only block; `*depth` counts the #ifs that are open. */
static void skip_line(const char *line, int *depth)
{
	if (!strncmp(line, "#if", 3))
		++*depth;
	else if (!strncmp(line, "#endif", 6))
		--*depth;
}

/* What may stand between #defines: a blank line, the include guard. */
static int is_filler(const char *line)
{
	return line[strspn(line, " \t\n")] == '\0' ||
	       !strncmp(line, "#ifndef ", 8) || !strcmp(line, "#endif\n");
}

void header_read(const char *header)
{
	char line[LINE_MAX_BYTES], about[1024] = "", note[512];
	int in_comment = 0, group = 0, c_only = 0;
	FILE *in = header_open(header);

	entry_count = 0;
	while (fgets(line, sizeof(line), in)) {
		if (!strchr(line, '\n'))
			die("a line is too long", line);
		if (c_only || !strcmp(line, "#ifndef __ASSEMBLER__\n")) {
			skip_line(line, &c_only);
		} else if (in_comment || !strncmp(line, "/*", 2)) {
			if (!in_comment)
				about[0] = '\0';
			group += !in_comment;
			in_comment = !comment_line(about, sizeof(about), line);
		} else if (!strncmp(line, "#define ", 8)) {
			cut_note(line, note, sizeof(note));
			add_define(line, note, about, group);
			about[0] = '\0';
		} else if (is_filler(line)) {
			about[0] = '\0';
			group++;
		} else {
			die("neither a #define nor a comment", line);
		}
	}
	fclose(in);
}

const struct entry *entry_find(const char *name, const char *suffix)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < entry_count; i++)
		if (!strncmp(entries[i].name, name, length) &&
		    !strcmp(entries[i].name + length, suffix))
			return &entries[i];
	return NULL;
}

unsigned long long number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 0);

	if (end == text || *end)
		die("not a plain number", text);
	return value;
}
