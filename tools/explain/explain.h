/*
 * explain.h - say what every byte of a disk image is, of ours or any other.
 *
 * The bytes may be anything: nothing in them is believed before it is
 * checked against the size of the image.
 */
#ifndef EXPLAIN_EXPLAIN_H
#define EXPLAIN_EXPLAIN_H

#include <stdio.h>

#include "tools/image/disk.h"

/* Prints the explanation of `disk`, named `name`; with `hex` the bytes beside
 * their meaning. Returns how many things are wrong with an image of ours. */
unsigned int explain_disk(const struct disk *disk, const char *name, int hex,
			  FILE *out);

/* Explains the image at `path`, a file or a block device, on standard output.
 * Returns 0 whatever is in it, or -1 with the reason: it can't be read, or the
 * output not be written. */
int explain_path(const char *path, int hex, struct reason *reason);

#endif
