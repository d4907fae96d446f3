/*
 * copy.h - write an image, read it back.
 */
#ifndef USBWRITE_COPY_H
#define USBWRITE_COPY_H

#include <stdint.h>

#define COPY_CHUNK (1024 * 1024) /* bytes per call and between two `shows` */

/* Called with the bytes done so far, of `all`. */
typedef void copy_progress(const char *what, uint64_t done, uint64_t all);

/*
 * Copy `bytes` from the start of `image` to the start of `device`, both open
 * files, and wait until they are on the medium. 0, or a negative errno; then
 * *at is how far it came.
 */
int copy_write(int image, int device, uint64_t bytes, uint64_t *at,
	       copy_progress *show);

/*
 * Read `bytes` of `device` back, from the medium and not from the page cache
 * where that is possible, and compare. 0; 1: *at is the first byte that
 * differs; or a negative errno.
 */
int copy_verify(int image, int device, uint64_t bytes, uint64_t *at,
		copy_progress *show);

#endif
