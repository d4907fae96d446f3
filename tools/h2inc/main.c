/*
 * h2inc - turn a header that C and NASM share into a NASM include file.
 *
 *	h2inc lib/boot/layout.h > build/boot/layout.inc
 *
 * A shared header is
 *
 *	#ifndef GUARD
 *	#define GUARD
 *	#define NAME value		any number, see constant.c
 *	#ifndef __ASSEMBLER__		any number: for C only, left out here
 *	...
 *	#endif
 *	#endif
 *
 * with comments and blank lines anywhere. h2inc dies on any line that is
 * something else, so that C and assembly can't drift apart in silence.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "h2inc.h"

static const char help[] =
	"usage: h2inc HEADER > INC\n"
	"\n"
	"Turns a header that C and NASM share into a NASM include file.\n"
	"\n"
	"Exit status: 0 done, 1 HEADER is no shared header, 2 wrong usage.\n";

static char guard[LINE_SIZE];

/* How far into the header we are. */
static enum {
	BEFORE_GUARD,
	IN_GUARD, /* #ifndef GUARD, so #define GUARD comes next */
	SHARED,
	C_ONLY,
	BEHIND_GUARD,
} place;

static int c_depth; /* of #if inside a C-only block, which has 1 */

/* Cuts the first word off a line; returns it. `*rest` becomes what is behind
 * it and the blanks. */
static char *cut_word(char *line, char **rest)
{
	char *end = line;

	while (isalnum((unsigned char)*end) || *end == '_')
		end++;
	*rest = end + strspn(end, " \t");
	if (end == line || (*end && *rest == end))
		die("not a plain name", line);
	*end = '\0';
	return line;
}

/* The word behind '#', as in #define; NULL if the line is no directive. */
static char *cut_directive(char *line, char **rest)
{
	static char none[] = "";

	*rest = none;
	if (line[0] == '%' && line[1] == ':')
		die("say #, not %:", line);
	if (line[0] != '#')
		return NULL;
	line += 1 + strspn(line + 1, " \t");
	return *line ? cut_word(line, rest) : line;
}

static void start_guard(const char *directive, const char *rest)
{
	if (!directive || strcmp(directive, "ifndef"))
		die("a header starts with the #ifndef of its guard", rest);
	if (!strcmp(rest, "__ASSEMBLER__"))
		die("a C-only block lies inside the guard", rest);
	strcpy(guard, rest);
	place = IN_GUARD;
}

static void define_guard(const char *directive, const char *rest)
{
	if (!directive || strcmp(directive, "define") || strcmp(rest, guard))
		die("behind its #ifndef comes the #define of the guard", guard);
	constant_add(guard, "");
	printf("%%ifndef %s\n%%define %s\n", guard, guard);
	place = SHARED;
}

static void translate_define(char *rest)
{
	const char *name = cut_word(rest, &rest);

	if (!*rest)
		die("only the guard has no value", name);
	constant_add(name, rest);
	printf(rest[0] == '"' || rest[0] == '\'' ? "%%define %s %s\n" :
						   "%%define %s (%s)\n",
	       name, rest);
}

static void shared_line(const char *directive, char *rest)
{
	if (!directive) {
		die("neither a #define nor a C-only block", rest);
	} else if (!strcmp(directive, "define")) {
		translate_define(rest);
	} else if (!strcmp(directive, "ifndef") &&
		   !strcmp(rest, "__ASSEMBLER__")) {
		place = C_ONLY;
		c_depth = 1;
	} else if (!strcmp(directive, "endif") && !*rest) {
		printf("%%endif\n");
		place = BEHIND_GUARD;
	} else {
		die("no directive of a shared header", directive);
	}
}

/* All that matters here is where the block ends, and that it leaves alone
 * what it shares. */
static void c_only_line(const char *directive, char *rest)
{
	char *end;

	if (!directive)
		return;
	if (!strncmp(directive, "if", 2)) {
		c_depth++;
	} else if (!strcmp(directive, "endif")) {
		if (!--c_depth)
			place = SHARED;
		if (!c_depth && *rest)
			die("something behind #endif", rest);
	} else if (!strncmp(directive, "el", 2) && c_depth == 1) {
		die("a C-only block has no other branch", directive);
	} else if (!strcmp(directive, "define") ||
		   !strcmp(directive, "undef")) {
		for (end = rest; isalnum((unsigned char)*end) || *end == '_';)
			end++;
		*end = '\0';
		if (constant_known(rest))
			die("a shared name means something else to C", rest);
	}
}

static void translate(FILE *in)
{
	char line[LINE_SIZE], copy[LINE_SIZE];
	char *directive, *rest;

	while (line_read(in, line)) {
		strcpy(copy, line);
		directive = cut_directive(line, &rest);
		if (!*copy)
			continue;
		if (place == C_ONLY)
			c_only_line(directive, rest);
		else if (place == SHARED)
			shared_line(directive, directive ? rest : copy);
		else if (place == BEFORE_GUARD)
			start_guard(directive, directive ? rest : copy);
		else if (place == IN_GUARD)
			define_guard(directive, rest);
		else
			die("something behind the guard's #endif", copy);
	}
	if (place != BEHIND_GUARD)
		die("the file ends before the guard's #endif", line_file);
}

int main(int argc, char **argv)
{
	FILE *in;

	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(help, stdout);
		return 0;
	}
	if (argc != 2) {
		fputs(help, stderr);
		return 2;
	}
	line_file = argv[1];
	in = fopen(line_file, "r");
	if (!in) {
		perror(line_file);
		return 1;
	}
	translate(in);
	if (ferror(in) || fflush(stdout) || ferror(stdout)) {
		perror(line_file);
		return 1;
	}
	fclose(in);
	return 0;
}
