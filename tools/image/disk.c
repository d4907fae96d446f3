/*
 * disk.c - read any part of an image, whatever its size.
 */
#define _GNU_SOURCE /* SEEK_DATA */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "disk.h"

#define BLOCK 65536

int disk_open(const char *path, struct disk *disk, struct reason *reason)
{
	/* O_NONBLOCK: a pipe is to be refused, not awaited */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat info;
	off_t size;

	if (fd < 0)
		return refuse(reason, "can't open %s: %s", path,
			      strerror(errno));
	size = lseek(fd, 0, SEEK_END);
	if (fstat(fd, &info) || size < 0 ||
	    (!S_ISREG(info.st_mode) && !S_ISBLK(info.st_mode))) {
		close(fd);
		return refuse(reason,
			      "%s is no file and no block device: name an "
			      "image",
			      path);
	}
	*disk = (struct disk){ .size = (uint64_t)size, .fd = fd };
	return 0;
}

void disk_from_memory(struct bytes bytes, struct disk *disk)
{
	*disk = (struct disk){ bytes.size, -1, bytes.data };
}

void disk_close(struct disk *disk)
{
	if (disk->fd >= 0)
		close(disk->fd);
	disk->fd = -1;
}

int disk_read(const struct disk *disk, uint64_t offset, void *buffer,
	      size_t size)
{
	size_t at = 0;

	memset(buffer, 0, size);
	if (offset > disk->size || size > disk->size - offset)
		return -1;
	if (disk->fd < 0) {
		if (size)
			memcpy(buffer, disk->memory + offset, size);
		return 0;
	}
	while (at < size) {
		ssize_t got = pread(disk->fd, (uint8_t *)buffer + at, size - at,
				    (off_t)(offset + at));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			memset(buffer, 0, size);
			return -1;
		}
		at += (size_t)got;
	}
	return 0;
}

/* Where data start again, so that holes of huge images cost nothing. */
static uint64_t skip_hole(const struct disk *disk, uint64_t start)
{
#ifdef SEEK_DATA
	if (disk->fd >= 0) {
		off_t data = lseek(disk->fd, (off_t)start, SEEK_DATA);

		if (data < 0 && errno == ENXIO)
			return disk->size;
		if (data > 0 && (uint64_t)data > start)
			return (uint64_t)data;
	}
#else
	(void)disk;
#endif
	return start;
}

uint64_t disk_first_used(const struct disk *disk, uint64_t start, uint64_t end)
{
	uint8_t block[BLOCK];

	while (start < end) {
		size_t size = end - start < BLOCK ? (size_t)(end - start) :
						    BLOCK;

		if (disk_read(disk, start, block, size))
			return start;
		for (size_t i = 0; i < size; i++)
			if (block[i])
				return start + i;
		start = skip_hole(disk, start + size);
	}
	return end;
}
