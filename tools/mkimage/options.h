/*
 * options.h - mkimage's command line.
 */
#ifndef MKIMAGE_OPTIONS_H
#define MKIMAGE_OPTIONS_H

#include "image.h"

/* Strings belong to argv. */
struct options {
	int help;
	const char *explain; /* an image; NULL: make one */
	int hex;
	const char *output; /* not NULL, if an image is to be made */
	const char *parts; /* a directory, or NULL */
	const char *kernel; /* the same */
	const char *modules[MODULES_MAX];
	unsigned int module_count;
	const char *bootsector; /* NULL: the one built in */
	const char *stage2; /* as above */
	const char *diag; /* as above */
	int no_diag;
	int no_uefi_page;
	const char *cmdline; /* never NULL */
	struct geometry geometry;
	uint8_t partition_type;
	int dummy_bpb;
	uint64_t size; /* bytes; 0: as small as can be */
};

/* Returns 0; or -1, for the command line makes no sense, with the reason, or
 * without one if getopt_long() has told it on standard error. */
int options_parse(int argc, char **argv, struct options *options,
		  struct reason *reason);

/* The text of --help. */
const char *options_help(void);

#endif
