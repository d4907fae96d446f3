/*
 * own_ranges.h - the memory that the loader, the kernel and its modules take.
 *
 * Any context: no locks, no allocation.
 */
#ifndef LIB_OWN_RANGES_H
#define LIB_OWN_RANGES_H

#include <stddef.h>

#include "boot/bootinfo.h"
#include "boot/image.h"

#define OWN_MAX (3 + BLOBS_MAX)

/**
 * own_ranges - list what we put into usable memory, for memmap_sanitise()
 * @header:	of the image; its blob count and table are checked
 * @own:	receives the ranges: page 0, the page for starting CPUs, the
 *		loader, then each blob
 *
 * Returns their number.
 */
size_t own_ranges(const struct image_header *header,
		  struct mem_range own[OWN_MAX]);

#endif
