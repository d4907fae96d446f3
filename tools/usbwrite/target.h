/*
 * target.h - may this be overwritten?
 */
#ifndef USBWRITE_TARGET_H
#define USBWRITE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "disk.h"

/* What the user allowed, and the size that is suspicious. */
struct permission {
	const char *root;	/* see disk.h */
	bool file;		/* plain files */
	bool fixed;		/* disks that are not removable */
	uint64_t bytes_max;
};

struct target {
	char path[4096];	/* real one, after symbolic links */
	bool is_file;
	struct disk disk;	/* not for files */
};

/*
 * Find out what `path` is and whether `image_bytes` may be written to it.
 * 0, or -1 with the reason and the remedy on stderr.
 */
int target_check(const char *path, uint64_t image_bytes,
		 const struct permission *allow, struct target *target);

/* The same refusals for a disk alone; NULL when there are none. */
const char *target_refusal(const struct disk *disk, uint64_t image_bytes,
			   const struct permission *allow);

#endif
