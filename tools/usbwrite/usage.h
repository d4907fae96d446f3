/*
 * usage.h - what the running system uses a disk for.
 */
#ifndef USBWRITE_USAGE_H
#define USBWRITE_USAGE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Is `name`, a disk or partition, mounted, swapped to or part of something
 * else (LVM, RAID, encryption)? Partitions are not looked at. When it is,
 * `what` says for what. A file that can't be read counts as used.
 */
bool usage_of(const char *root, const char *name, char *what, size_t size);

#endif
