/*
 * disk.h - what Linux's sysfs knows about a disk, and what is kept on it.
 *
 * `root` is "" for this machine; tests give a directory that has sys/, proc/
 * and dev/ of their own making.
 */
#ifndef USBWRITE_DISK_H
#define USBWRITE_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk {
	char name[64];		/* as in /sys/class/block */
	char model[128];	/* what is printed on it; the name if unknown */
	char parent[64];	/* a partition's disk; "": this is a disk */
	uint64_t bytes;
	bool removable;
	bool read_only;
	char used_for[256];	/* mount point, "swap" ..., "": nothing */
};

/* Is there a sysfs? Only Linux has it. */
bool disk_sysfs_present(const char *root);

/* Read what is known of the disk `name`. 0, or -1: sysfs has no such disk. */
int disk_read(const char *root, const char *name, struct disk *disk);

/* Call `each` for every whole disk that has a medium, by name. */
void disk_list(const char *root,
	       void (*each)(const struct disk *disk, void *context),
	       void *context);

/* Does sysfs give `name` this device number ("8:16")? */
bool disk_has_number(const char *root, const char *name, unsigned int major,
		     unsigned int minor);

#endif
