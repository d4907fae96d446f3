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
#include <stdio.h>
#include <string.h>

#include "header.h"
#include "tables.h"

static const struct {
	const char *name;
	void (*print)(const char *argument);
} tables[] = {
	{ "memory-map", table_memory_map },
	{ "errors", table_errors },
	{ "constants", table_constants },
	{ "struct", table_struct },
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
