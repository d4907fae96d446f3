/*
 * options.c - usbwrite's command line.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "options.h"

#define GIB (1024ull * 1024 * 1024)
#define GIB_MAX 256 /* larger sticks are rarer than external disks */

static const char usage[] =
	"usage: usbwrite [OPTION]... IMAGE [DEVICE]\n"
	"\n"
	"Writes IMAGE to the start of the disk DEVICE, reads it back and\n"
	"compares. Without DEVICE, lists the disks that could be meant.\n"
	"Asks before it writes what would not boot, and for the disk's name.\n"
	"\n"
	"  --verify        compare only, write nothing\n"
	"  --file          DEVICE may be a plain file\n"
	"  --force         ask nothing about what no BIOS could start\n"
	"  --force-fixed   DEVICE may be a disk that is not removable\n"
	"  --max-gib N     DEVICE may have up to N GiB (256)\n"
	"  --root DIR      for tests: look into DIR/sys and DIR/proc\n"
	"  --help\n"
	"\n"
	"Status: 0 done, 1 refused or failed, 2 wrong usage.\n";

static int wrong_usage(void)
{
	fputs(usage, stderr);
	return 2;
}

/* A number of GiB, or 0: not one. */
static uint64_t parse_gib(const char *text)
{
	char *end;
	unsigned long long gib = strtoull(text, &end, 10);

	return *end || gib > UINT64_MAX / GIB ? 0 : gib * GIB;
}

int options_parse(int argc, char **argv, struct options *options)
{
	static const struct option known[] = {
		{ "verify", no_argument, NULL, 'v' },
		{ "file", no_argument, NULL, 'f' },
		{ "force", no_argument, NULL, 'F' },
		{ "force-fixed", no_argument, NULL, 'x' },
		{ "max-gib", required_argument, NULL, 'g' },
		{ "root", required_argument, NULL, 'r' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	*options = (struct options){
		.allow = { .root = "", .bytes_max = GIB_MAX * GIB },
	};
	while ((option = getopt_long(argc, argv, "", known, NULL)) >= 0) {
		if (option == 'h')
			return fputs(usage, stdout) < 0 ? 1 : 0;
		else if (option == 'v')
			options->verify_only = true;
		else if (option == 'f')
			options->allow.file = true;
		else if (option == 'F')
			options->force = true;
		else if (option == 'x')
			options->allow.fixed = true;
		else if (option == 'r')
			options->allow.root = optarg;
		else if (option == 'g')
			options->allow.bytes_max = parse_gib(optarg);
		if (option == '?' || !options->allow.bytes_max)
			return wrong_usage();
	}
	if (argc - optind < 1 || argc - optind > 2)
		return wrong_usage();
	options->image = argv[optind];
	options->device = argv[optind + 1];
	return -1;
}
