/*
 * options.h - usbwrite's command line.
 */
#ifndef USBWRITE_OPTIONS_H
#define USBWRITE_OPTIONS_H

#include "target.h"

/* Strings belong to argv. */
struct options {
	struct permission allow;
	bool verify_only;
	bool force; /* what would not boot is written without a question */
	const char *image;
	const char *device; /* NULL: list what there is */
};

/* Fills in `options`. -1, or the status to end with: what was to be printed
 * is. */
int options_parse(int argc, char **argv, struct options *options);

#endif
