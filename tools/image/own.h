/*
 * own.h - is an image that mkimage made still whole?
 *
 * What boot sector and stage 2 will check when they load it, and that it is
 * not cut short. Each function calls `wrong` with a sentence for each thing
 * that is wrong in its part of the image; any bytes are safe.
 */
#ifndef IMAGE_OWN_H
#define IMAGE_OWN_H

#include "disk.h"

typedef void own_wrong(void *context, const char *words);

/* LBA 0, but for its code, which nothing checks. */
void own_check_bootsector(const struct disk *disk, own_wrong *wrong,
			  void *context);

/* The header, the sum over it and stage 2, the size of the image. */
void own_check_header(const struct disk *disk, own_wrong *wrong, void *context);

void own_check_diag(const struct disk *disk, own_wrong *wrong, void *context);

/* How many blobs the header names; BLOBS_MAX at most. */
unsigned int own_blob_count(const uint8_t *header);

/* Blob `index`, below own_blob_count(). */
void own_check_blob(const struct disk *disk, unsigned int index,
		    own_wrong *wrong, void *context);

/* All of these. 0, or -1 with the first reason. */
int own_check(const struct disk *disk, struct reason *reason);

#endif
