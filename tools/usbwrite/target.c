/*
 * target.c - may this be overwritten?
 */
#define _GNU_SOURCE /* realpath() into a buffer, basename() of GNU */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "target.h"

#define GIB (1024 * 1024 * 1024.0)

const char *target_refusal(const struct disk *disk, uint64_t image_bytes,
			   const struct permission *allow)
{
	static char words[512];

	if (*disk->parent)
		snprintf(words, sizeof(words),
			 "is a partition: a BIOS boots "
			 "whole disks, name /dev/%s",
			 disk->parent);
	else if (*disk->used_for)
		snprintf(words, sizeof(words),
			 "is in use (%s): unmount it "
			 "first, if it is the right one",
			 disk->used_for);
	else if (!disk->removable && !allow->fixed)
		return "is not removable: --force-fixed, if you are sure";
	else if (disk->read_only)
		return "is read-only: look for a switch on it";
	else if (!disk->bytes)
		return "has no medium in it";
	else if (disk->bytes < image_bytes)
		snprintf(words, sizeof(words),
			 "is too small: %llu bytes, the "
			 "image has %llu",
			 (unsigned long long)disk->bytes,
			 (unsigned long long)image_bytes);
	else if (disk->bytes > allow->bytes_max)
		snprintf(words, sizeof(words),
			 "has %.0f GiB, too many for a "
			 "stick: --max-gib %.0f, if you are sure",
			 (double)disk->bytes / GIB,
			 (double)disk->bytes / GIB + 1);
	else
		return NULL;
	return words;
}

static int refuse(const char *path, const char *why)
{
	fprintf(stderr, "usbwrite: %s %s\n", path, why);
	return -1;
}

static int check_file(struct target *target, const struct permission *allow)
{
	if (!allow->file)
		return refuse(target->path, "is a plain file: --file, if that "
					    "is meant");
	target->is_file = true;
	return 0;
}

/* The node must be the disk that sysfs describes, not just be called so. */
static bool is_node_of_disk(struct target *target, const char *name,
			    const struct stat *node,
			    const struct permission *allow)
{
	if (disk_read(allow->root, name, &target->disk))
		return false;
	return *allow->root ||
	       disk_has_number(allow->root, name, major(node->st_rdev),
			       minor(node->st_rdev));
}

int target_check(const char *path, uint64_t image_bytes,
		 const struct permission *allow, struct target *target)
{
	const char *why, *name;
	struct stat node;
	bool is_disk;

	memset(target, 0, sizeof(*target));
	if (!realpath(path, target->path) || stat(target->path, &node))
		return refuse(path,
			      allow->file && errno == ENOENT ?
				      "is not there: make an empty file first" :
			      errno == ENOENT ?
				      "is not there: make usb lists what is" :
				      strerror(errno));
	/* below another root, disks are played by files */
	is_disk = S_ISBLK(node.st_mode) ||
		  (*allow->root && S_ISREG(node.st_mode) &&
		   strstr(target->path, "/dev/"));
	if (S_ISREG(node.st_mode) && !is_disk)
		return check_file(target, allow);
	if (!is_disk)
		return refuse(path, "is neither a disk nor a file");
	if (!disk_sysfs_present(allow->root))
		return refuse(path, "can't be judged without Linux's /sys: "
				    "use dd, with care");
	name = basename(target->path);
	if (!is_node_of_disk(target, name, &node, allow))
		return refuse(path, "is unknown to /sys");
	why = target_refusal(&target->disk, image_bytes, allow);
	return why ? refuse(path, why) : 0;
}
