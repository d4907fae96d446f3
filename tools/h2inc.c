/*
 * h2inc - turn a header that C and NASM share into a NASM include file.
 *
 * Strict on purpose: outside C-only blocks it knows comments, #define NAME
 * value, the include guard and #include "boot/x.h", and dies on any line that
 * is something else, so that C and assembly can't drift apart in silence.
 *
 *	h2inc lib/boot/layout.h > build/boot/layout.inc
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *path;
static int line_number;

static _Noreturn void die(const char *why, const char *line)
{
	fprintf(stderr, "%s:%d: h2inc: %s: %s\n", path, line_number, why, line);
	exit(1);
}

/* Cut comments out of `line`; `*inside` carries one over line ends. */
static void strip_comments(char *line, int *inside)
{
	char *to = line;
	int quoted = 0;

	for (const char *from = line; *from; from++) {
		if (*inside) {
			if (from[0] == '*' && from[1] == '/') {
				*inside = 0;
				from++;
			}
		} else if (!quoted && from[0] == '/' && from[1] == '*') {
			*inside = 1;
			from++;
		} else {
			if (*from == '"')
				quoted = !quoted;
			*to++ = *from;
		}
	}
	while (to > line && isspace((unsigned char)to[-1]))
		to--;
	*to = '\0';
}

/* A value is a string, or an expression both C and NASM read alike. */
static int value_ok(const char *value)
{
	size_t length = strlen(value);

	if (value[0] == '"')
		return length > 1 && value[length - 1] == '"' &&
		       !strpbrk(value, "\\`{");
	if (value[0] == '\'')
		return length == 3 && value[2] == '\'';
	for (const char *at = value; *at; at++) {
		if (isdigit((unsigned char)*at)) {
			char *end;

			strtoull(at, &end, 0);
			if (isalnum((unsigned char)*end) || *end == '_')
				return 0; /* a suffix; octal digits end early */
			if (at[0] == '0' && isdigit((unsigned char)at[1]))
				return 0; /* octal is decimal to NASM */
			at = end - 1;
		} else if (isalpha((unsigned char)*at) || *at == '_') {
			while (isalnum((unsigned char)at[1]) || at[1] == '_')
				at++;
		} else if (!strchr(" \t()+-*/<>|&~", *at)) {
			return 0;
		}
	}
	return length > 0;
}

static void translate_define(char *line)
{
	char *name = line + strlen("#define ");
	char *value;

	while (isspace((unsigned char)*name))
		name++;
	value = name;
	while (isalnum((unsigned char)*value) || *value == '_')
		value++;
	if (value == name || (*value && !isspace((unsigned char)*value)))
		die("not a plain name", line);
	if (*value)
		*value++ = '\0';
	while (isspace((unsigned char)*value))
		value++;
	if (!*value) {
		printf("%%define %s\n", name); /* the include guard */
		return;
	}
	if (!value_ok(value))
		die("a value that NASM would read otherwise", value);
	printf(value[0] == '"' || value[0] == '\'' ? "%%define %s %s\n" :
						     "%%define %s (%s)\n",
	       name, value);
}

static void translate(FILE *in)
{
	char line[1024];
	int in_comment = 0, depth = 0, skipping = 0;

	while (fgets(line, sizeof(line), in)) {
		line_number++;
		if (!strchr(line, '\n'))
			die("longer than 1023 bytes", line);
		strip_comments(line, &in_comment);
		if (!strncmp(line, "#ifndef ", 8) ||
		    !strncmp(line, "#ifdef ", 7)) {
			depth++;
			if (!strcmp(line, "#ifndef __ASSEMBLER__"))
				skipping = depth;
			else if (depth > 1 && !skipping)
				die("only the include guard may test", line);
			else if (!skipping)
				printf("%%ifndef %s\n", line + 8);
		} else if (!strcmp(line, "#endif")) {
			if (!depth)
				die("without #ifndef", line);
			if (!skipping)
				printf("%%endif\n");
			if (skipping == depth)
				skipping = 0;
			depth--;
		} else if (skipping || !line[0]) {
			continue;
		} else if (!strncmp(line, "#define ", 8)) {
			translate_define(line);
		} else {
			die("neither a #define nor a C-only block", line);
		}
	}
	if (in_comment || depth)
		die("ends inside a comment or an #ifndef", path);
}

int main(int argc, char **argv)
{
	FILE *in;

	if (argc != 2 || !strcmp(argv[1], "--help")) {
		fprintf(stderr, "usage: h2inc HEADER > INC\n");
		return 2;
	}
	path = argv[1];
	in = fopen(path, "r");
	if (!in) {
		perror(path);
		return 1;
	}
	translate(in);
	if (ferror(in) || fflush(stdout) || ferror(stdout)) {
		perror(path);
		return 1;
	}
	fclose(in);
	return 0;
}
