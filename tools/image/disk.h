/*
 * disk.h - read any part of an image, whatever its size.
 */
#ifndef IMAGE_DISK_H
#define IMAGE_DISK_H

#include "tools/file/bytes.h"
#include "tools/file/reason.h"

struct disk {
	uint64_t size; /* bytes */
	int fd; /* -1: in memory */
	const uint8_t *memory;
};

/* Opens a file or a block device for reading. 0, or -1 with the reason. */
int disk_open(const char *path, struct disk *disk, struct reason *reason);

/* An image in memory, which outlives `disk`. */
void disk_from_memory(struct bytes bytes, struct disk *disk);

void disk_close(struct disk *disk);

/* Fills `buffer`. Returns -1 if that would go beyond the end, or if the
 * medium fails; the buffer then holds zeros. */
int disk_read(const struct disk *disk, uint64_t offset, void *buffer,
	      size_t size);

/* The first offset in [start, end) whose byte isn't zero; `end` if there is
 * none. What can't be read counts as not zero. */
uint64_t disk_first_used(const struct disk *disk, uint64_t start, uint64_t end);

#endif
