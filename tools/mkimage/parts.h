/*
 * parts.h - the finished pieces of an image, so that they are the image.
 *
 * `cat` of DIR in the order of names gives the image byte for byte: that holds
 * only while nothing else is in DIR, so strangers in it are refused and parts
 * of an earlier image are removed.
 */
#ifndef MKIMAGE_PARTS_H
#define MKIMAGE_PARTS_H

#include "image.h"

/* Makes `directory` if it is missing and starts (see output.h) a file in it
 * for every part. 0, or -1 with the reason. */
int parts_write(const char *directory, const struct image *image,
		struct reason *reason);

/* After output_commit(): removes the parts of an earlier, longer image. */
int parts_remove_old(const char *directory, const struct image *image,
		     struct reason *reason);

/* Would `path` be written into `directory`? */
int parts_directory_holds(const char *directory, const char *path);

/* Undoes the making of the directory, if it was made here and is empty. */
void parts_abort(const char *directory);

#endif
