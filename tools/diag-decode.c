/*
 * diag-decode.c - the line that the diagnostics end with, in words.
 *
 *	diag-decode FL2-xxxxx-xxxxx-...
 *	diag-decode < report.txt
 *
 * Prints a field a line. Exit status: 0 done, 1 no code or a wrong one, 2
 * wrong usage.
 */
#include <stdio.h>
#include <string.h>

#include "diag/code.h"

#define INPUT_MAX 65536

static const char usage[] =
	"usage: diag-decode CODE\n"
	"       diag-decode < TEXT\n"
	"\n"
	"Puts the line that the diagnostics of a Firstlight image end with,\n"
	"FL2-..., back into words. Copied by hand it may have blanks for dashes\n"
	"and small letters; a wrong character is noticed.\n";

/* Drives, versions, segments and status bytes are told in hexadecimal. */
static int is_hex(unsigned int bits)
{
	return bits == 8 || bits == 16 || bits == 32;
}

static void print_field(const char *name, uint32_t value, unsigned int bits,
			const char *what)
{
	if (is_hex(bits))
		printf("%-14s %8Xh  %s\n", name, value, what);
	else
		printf("%-14s %8u   %s\n", name, value, what);
}

static void print_lacks(uint32_t lacks)
{
	for (unsigned int i = 0; code_feature(i); i++)
		if (lacks >> i & 1)
			printf("%-14s %8s   %s\n", "", "", code_feature(i));
}

#define PRINT(name, bits, what)                                                \
	print_field(#name, code.name, bits, what);                             \
	if (!strcmp(#name, "lacks"))                                           \
		print_lacks(code.lacks);

static int decode(const char *text)
{
	struct code code;
	const char *wrong = code_read(text, &code);

	if (wrong) {
		fprintf(stderr, "diag-decode: %s\n", wrong);
		return 1;
	}
	CODE_FIELDS(PRINT)
	return 0;
}

int main(int argc, char **argv)
{
	static char text[INPUT_MAX];

	if (argc > 2) {
		fputs(usage, stderr);
		return 2;
	}
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		fputs(usage, stdout);
		return 0;
	}
	if (argc == 2)
		return decode(argv[1]);
	text[fread(text, 1, sizeof(text) - 1, stdin)] = '\0';
	return decode(text);
}
