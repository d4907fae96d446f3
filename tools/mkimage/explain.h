/*
 * explain.h - say what every byte of a disk image is, ours or foreign.
 *
 * The bytes may be anything: nothing in them is believed before it is
 * checked against the size of the image.
 */
#ifndef MKIMAGE_EXPLAIN_H
#define MKIMAGE_EXPLAIN_H

#include <stdio.h>

#include "tools/image/disk.h"

/* Prints the explanation of `disk`, named `name`; with `hex` the bytes beside
 * their meaning. Returns how many things are wrong with an image of ours. */
unsigned int disk_explain(const struct disk *disk, const char *name, int hex,
			  FILE *out);

#endif
