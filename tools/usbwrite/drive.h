/*
 * drive.h - what Linux's sysfs knows about a disk, and what is kept on it.
 *
 * `root` is as in sysfs.h.
 */
#ifndef USBWRITE_DRIVE_H
#define USBWRITE_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define DRIVE_NAME_MAX 64

struct drive {
	char name[DRIVE_NAME_MAX];	/* as in /sys/class/block */
	char model[128];	/* what is printed on it; the name if unknown */
	char parent[DRIVE_NAME_MAX]; /* a partition's disk; "": this is one */
	uint64_t bytes;
	unsigned int sector_bytes; /* 0: unknown */
	bool removable;
	bool read_only;
	char used_for[256];	/* mount point, "swap" ..., "": nothing */
};

/* Is there a sysfs? Only Linux has it. */
bool drive_sysfs_present(const char *root);

/* Which disk is the file with this `status`? It is known by its device number;
 * how it was called when it was opened does not matter. 0, or -1: sysfs has no
 * such disk. */
int drive_find(const char *root, const struct stat *status,
	       char name[DRIVE_NAME_MAX]);

/* Read what is known of the disk `name`. 0, or -1: sysfs has no such disk. */
int drive_read(const char *root, const char *name, struct drive *drive);

/* Ask the open block device `file` itself, where it knows better. */
void drive_ask(int file, struct drive *drive);

/* Call `each` for every whole disk that has a medium, by name. */
void drive_list(const char *root,
		void (*each)(const struct drive *drive, void *context),
		void *context);

#endif
