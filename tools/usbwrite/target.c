/*
 * target.c - may this be overwritten?
 */
#define _GNU_SOURCE /* realpath() into a buffer */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "target.h"

#define GIB (1024 * 1024 * 1024.0)

const char *target_refusal(const struct drive *drive, uint64_t image_bytes,
			   const struct permission *allow)
{
	static char words[512];

	if (*drive->parent)
		snprintf(words, sizeof(words),
			 "is a partition: a BIOS boots "
			 "whole disks, name /dev/%s",
			 drive->parent);
	else if (*drive->used_for)
		snprintf(words, sizeof(words),
			 "is in use (%s): unmount it "
			 "first, if it is the right one",
			 drive->used_for);
	else if (!drive->removable && !allow->fixed)
		return "is not removable: --force-fixed, if you are sure";
	else if (drive->read_only)
		return "is read-only: look for a switch on it";
	else if (!drive->bytes)
		return "has no medium in it";
	else if (drive->bytes < image_bytes)
		snprintf(words, sizeof(words),
			 "is too small: %llu bytes, the "
			 "image has %llu",
			 (unsigned long long)drive->bytes,
			 (unsigned long long)image_bytes);
	else if (drive->bytes > allow->bytes_max)
		snprintf(words, sizeof(words),
			 "has %.0f GiB, too many for a "
			 "stick: --max-gib %.0f, if you are sure",
			 (double)drive->bytes / GIB,
			 (double)drive->bytes / GIB + 1);
	else
		return NULL;
	return words;
}

static int target_refuse(const char *path, const char *why)
{
	fprintf(stderr, "usbwrite: %s %s\n", path, why);
	return -1;
}

/* Below another root, files in its dev/ play disks. */
static bool is_disk(const struct target *target, const struct stat *status,
		    const struct permission *allow)
{
	return S_ISBLK(status->st_mode) ||
	       (*allow->root && S_ISREG(status->st_mode) &&
		strstr(target->path, "/dev/"));
}

static const char *kind_refusal(const struct target *target,
				const struct stat *status,
				const struct permission *allow)
{
	if (is_disk(target, status, allow))
		return drive_sysfs_present(allow->root) ?
			       NULL :
			       "can't be judged without Linux's /sys: use dd, "
			       "with care";
	if (!S_ISREG(status->st_mode))
		return "is neither a disk nor a file";
	return allow->file ? NULL : "is a plain file: --file, if that is meant";
}

/* Fills in target->drive; returns why it must not be written to. */
static const char *drive_refusal(struct target *target,
				 const struct stat *status,
				 uint64_t image_bytes,
				 const struct permission *allow)
{
	char name[DRIVE_NAME_MAX];

	if (drive_find(allow->root, status, name) ||
	    drive_read(allow->root, name, &target->drive))
		return "is unknown to /sys";
	if (target->file >= 0 && S_ISBLK(status->st_mode))
		drive_ask(target->file, &target->drive);
	return target_refusal(&target->drive, image_bytes, allow);
}

/* It can't be opened. What is known of the name may say why. */
static int refuse_open(struct target *target, const struct stat *status,
		       uint64_t image_bytes, const struct permission *allow,
		       int error)
{
	char words[256];
	const char *why = NULL;

	if (is_disk(target, status, allow))
		why = drive_refusal(target, status, image_bytes, allow);
	if (why)
		return target_refuse(target->path, why);
	if (error == EROFS)
		return target_refuse(target->path,
				     "is read-only: look for a switch on it");
	if (error == ENOMEDIUM)
		return target_refuse(target->path, "has no medium in it");
	snprintf(words, sizeof(words), "can't be opened: %s%s", strerror(error),
		 error == EACCES || error == EPERM ? ": run it as root (sudo)" :
		 error == EBUSY ? ": something holds it, find out what" :
				  "");
	return target_refuse(target->path, words);
}

/* Judges what is open. */
static int target_judge(struct target *target, uint64_t image_bytes,
			const struct permission *allow)
{
	struct stat status;
	const char *why;

	if (fstat(target->file, &status))
		return target_refuse(target->path, strerror(errno));
	why = kind_refusal(target, &status, allow);
	target->is_file = !is_disk(target, &status, allow);
	if (!why && !target->is_file)
		why = drive_refusal(target, &status, image_bytes, allow);
	return why ? target_refuse(target->path, why) : 0;
}

int target_open(const char *path, bool writes, uint64_t image_bytes,
		const struct permission *allow, struct target *target)
{
	struct stat status;
	const char *why;

	memset(target, 0, sizeof(*target));
	target->file = -1;
	if (!realpath(path, target->path) || stat(target->path, &status))
		return target_refuse(
			path, allow->file && errno == ENOENT ?
				      "is not there: make an empty file first" :
			      errno == ENOENT ?
				      "is not there: make usb lists what is" :
				      strerror(errno));
	/* opening a tape or a pipe does something */
	why = kind_refusal(target, &status, allow);
	if (why)
		return target_refuse(path, why);
	/* O_EXCL: Linux refuses when somebody else has claimed the disk, and
	 * nobody can claim or mount it while it is open */
	target->file =
		open(target->path,
		     (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NOCTTY |
			     (S_ISBLK(status.st_mode) ? O_EXCL : 0));
	if (target->file < 0)
		return refuse_open(target, &status, image_bytes, allow, errno);
	if (target_judge(target, image_bytes, allow)) {
		close(target->file);
		return -1;
	}
	return 0;
}
