/*
 * explain - say what every byte of a disk image is. `explain --help` says how.
 */
#include <getopt.h>
#include <stdio.h>

#include "explain.h"
#include "tools/file/output.h"

#define EXIT_REFUSED 1
#define EXIT_USAGE 2

static const char help[] =
	"usage: explain [--hex] IMG\n"
	"\n"
	"Says what every byte of a disk image is, of ours or any other, and whether\n"
	"it has what real BIOSes ask for; or what IMG is instead of a raw disk.\n"
	"IMG is a file or a block device, and only read.\n"
	"\n"
	"  --hex     with the bytes beside their meaning\n"
	"  --help    this text\n"
	"\n"
	"Exit status: 0 done, 1 can't be read, 2 wrong usage.\n";

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "hex", no_argument, NULL, 'x' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct reason reason = { "" };
	int option, hex = 0, result;

	while ((option = getopt_long(argc, argv, "", known, NULL)) == 'x')
		hex = 1;
	if (option != 'h' && (option != -1 || argc - optind != 1)) {
		fputs(help, stderr);
		return EXIT_USAGE;
	}
	if (option == 'h')
		result = fputs(help, stdout) < 0 || output_flush(&reason);
	else
		result = explain_path(argv[optind], hex, &reason);
	if (result)
		fprintf(stderr, "explain: %s\n", reason.text);
	return result ? EXIT_REFUSED : 0;
}
