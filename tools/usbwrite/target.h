/*
 * target.h - may this be overwritten?
 *
 * A name can mean another disk a moment later: sticks are pulled and plugged
 * while somebody reads a question. So the name is used once, to open it; what
 * is open is judged, written, and read back, whatever the name means then.
 */
#ifndef USBWRITE_TARGET_H
#define USBWRITE_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "drive.h"

/* What the user allowed, and the size that is suspicious. */
struct permission {
	const char *root;	/* see drive.h */
	bool file;		/* plain files */
	bool fixed;		/* disks that are not removable */
	uint64_t bytes_max;
};

struct target {
	char path[4096]; /* real one, after symbolic links; for messages */
	int file;		/* open; a disk: nobody else can claim it */
	bool is_file;
	struct drive drive;	/* not for files */
};

/*
 * Opens `path`, for writing as well if `writes`, finds out what it is and
 * whether `image_bytes` may be written to it. 0, or -1 with the reason and the
 * remedy on stderr; nothing is open then. target->file is to be closed.
 */
int target_open(const char *path, bool writes, uint64_t image_bytes,
		const struct permission *allow, struct target *target);

/* Why a disk must not be written to; NULL: it may. */
const char *target_refusal(const struct drive *drive, uint64_t image_bytes,
			   const struct permission *allow);

#endif
