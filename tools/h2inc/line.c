/*
 * line.c - logical lines: splices joined, comments cut out; where one stands.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "h2inc.h"

const char *line_file;
int line_number;
static int newlines; /* read so far */

void die(const char *why, const char *text)
{
	fprintf(stderr, "%s:%d: h2inc: %s: %s\n", line_file, line_number, why,
		text);
	exit(1);
}

/* Dies on what is no newline, or carriage return and newline. */
static int newline(FILE *in, int c)
{
	if (c == '\r')
		c = getc(in);
	if (c != '\n')
		die("a carriage return or blank where a line should end", "");
	newlines++;
	return c;
}

/* The next character, lines joined; the ends of lines are '\n'. */
static int next(FILE *in)
{
	static int before;
	int c = getc(in), after;

	while (c == '\\') {
		after = getc(in);
		if (after != '\n' && after != '\r' && !isblank(after)) {
			ungetc(after, in);
			break;
		}
		newline(in, after);
		c = getc(in);
	}
	if (c == '\r' || c == '\n')
		c = newline(in, c);
	if (c == '?' && before == '?')
		die("may be a trigraph", "??");
	before = c;
	return c;
}

/* From behind the slash and star to behind star and slash. */
static void skip_comment(FILE *in)
{
	int before = 0, c;

	while ((c = next(in)) != '/' || before != '*') {
		if (c == EOF)
			die("the file ends inside a comment", "");
		before = c;
	}
}

struct writer {
	char *line;
	size_t length;
};

static void put(struct writer *to, int c)
{
	to->line[to->length] = '\0';
	if (c < ' ' && c != '\t')
		die("a control character", to->line);
	if (to->length == LINE_SIZE - 1)
		die("a line is too long", to->line);
	to->line[to->length++] = (char)c;
}

/* A string or character constant, whose first quote has been read. */
static void copy_quoted(FILE *in, struct writer *to, int quote)
{
	int c = quote;

	do {
		put(to, c);
		if (c == '\\')
			put(to, next(in));
		c = next(in);
		if (c == '\n' || c == EOF)
			die("a quote without its end", to->line);
	} while (c != quote);
	put(to, c);
}

static void trim(char *line, size_t length)
{
	size_t start = strspn(line, " \t");

	while (length > start && isblank((unsigned char)line[length - 1]))
		length--;
	memmove(line, line + start, length - start);
	line[length - start] = '\0';
}

bool line_read(FILE *in, char line[LINE_SIZE])
{
	struct writer to = { line, 0 };
	int c, before = 0;

	line_number = newlines + 1;
	while ((c = next(in)) != '\n' && c != EOF) {
		if (before == '/' && c == '*') {
			skip_comment(in);
			c = ' ';
			to.line[to.length - 1] = ' ';
		} else if (before == '/' && c == '/') {
			to.length--;
			while (c != '\n' && c != EOF)
				c = next(in);
			break;
		} else if (c == '"' || c == '\'') {
			copy_quoted(in, &to, c);
		} else {
			put(&to, c);
		}
		before = c;
	}
	line[to.length] = '\0';
	trim(line, to.length);
	return c != EOF || to.length;
}
