/*
 * sysfs.h - files of Linux's /sys/class/block.
 *
 * `root` is "" for this machine; tests give a directory that has sys/, proc/
 * and dev/ of their own making, where files play disks.
 */
#ifndef USBWRITE_SYSFS_H
#define USBWRITE_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the path of a block device's `file`, or of its directory when that is
 * "". `path` has PATH_MAX bytes. */
void sysfs_path(char *path, const char *root, const char *name,
		const char *file);

/* The first line of a file, without the blanks around it; "" if it can't be
 * read. Returns whether there is such a file. */
bool sysfs_line(const char *root, const char *name, const char *file,
		char *line, size_t size);

/* The number in a file; 0 if there is none. */
uint64_t sysfs_number(const char *root, const char *name, const char *file);

bool sysfs_is_partition(const char *root, const char *name);

/* Has `name` this device number ("8:16")? */
bool sysfs_has_number(const char *root, const char *name, unsigned int major,
		      unsigned int minor);

#endif
