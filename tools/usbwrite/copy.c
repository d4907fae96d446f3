/*
 * copy.c - write an image, read it back.
 */
#define _GNU_SOURCE /* O_DIRECT */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "copy.h"

#ifdef __linux__
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

#define ALIGNMENT 4096 /* bytes; enough for O_DIRECT on any disk */

/* Read exactly `bytes`. 0 or a negative errno; -EIO: the file ends before. */
static int read_all(int file, uint8_t *to, size_t bytes, uint64_t offset)
{
	while (bytes) {
		ssize_t got = pread(file, to, bytes, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EIO;
		to += got;
		offset += (uint64_t)got;
		bytes -= (size_t)got;
	}
	return 0;
}

static int write_all(int file, const uint8_t *from, size_t bytes,
		     uint64_t offset)
{
	while (bytes) {
		ssize_t put = pwrite(file, from, bytes, (off_t)offset);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return put ? -errno : -ENOSPC;
		from += put;
		offset += (uint64_t)put;
		bytes -= (size_t)put;
	}
	return 0;
}

static size_t chunk_at(uint64_t at, uint64_t bytes)
{
	return bytes - at < COPY_CHUNK ? (size_t)(bytes - at) : COPY_CHUNK;
}

int copy_write(int image, int device, uint64_t bytes, uint64_t *at,
	       copy_progress *show)
{
	uint8_t *chunk = malloc(COPY_CHUNK);
	int error = chunk ? 0 : -ENOMEM;

	for (*at = 0; !error && *at < bytes; *at += chunk_at(*at, bytes)) {
		size_t size = chunk_at(*at, bytes);

		error = read_all(image, chunk, size, *at);
		if (!error)
			error = write_all(device, chunk, size, *at);
		/* now, so that the progress shown is the stick's */
		if (!error && fdatasync(device))
			error = -errno;
		if (error)
			break;
		show("written", *at + size, bytes);
	}
	if (!error && fsync(device))
		error = -errno;
	free(chunk);
	return error;
}

/* Open for reading, past the page cache if the file system lets us. */
static int open_uncached(const char *path, bool *direct)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_DIRECT);

	*direct = file >= 0;
	if (file < 0)
		file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -errno;
#ifdef BLKFLSBUF
	ioctl(file, BLKFLSBUF); /* no block device: nothing to flush */
#endif
	posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
	return file;
}

/* O_DIRECT reads whole blocks; what is behind the image does not matter. */
static int read_back(int file, uint8_t *to, size_t bytes, uint64_t offset,
		     bool *direct)
{
	int error;

	if (*direct && bytes % ALIGNMENT == 0) {
		error = read_all(file, to, bytes, offset);
		if (error != -EINVAL)
			return error;
	}
	if (*direct && fcntl(file, F_SETFL, 0))
		return -errno;
	*direct = false;
	return read_all(file, to, bytes, offset);
}

static size_t first_difference(const uint8_t *a, const uint8_t *b)
{
	size_t at = 0;

	while (a[at] == b[at])
		at++;
	return at;
}

static int compare(int image, int device, uint8_t *chunks, uint64_t bytes,
		   uint64_t *at, copy_progress *show, bool *direct)
{
	uint8_t *is = chunks, *should = chunks + COPY_CHUNK;
	int error;

	for (*at = 0; *at < bytes; *at += chunk_at(*at, bytes)) {
		size_t size = chunk_at(*at, bytes);

		error = read_all(image, should, size, *at);
		if (!error)
			error = read_back(device, is, size, *at, direct);
		if (error)
			return error;
		if (memcmp(is, should, size)) {
			*at += first_difference(is, should);
			return 1;
		}
		show("compared", *at + size, bytes);
	}
	return 0;
}

int copy_verify(int image, const char *path, uint64_t bytes, uint64_t *at,
		copy_progress *show)
{
	uint8_t *chunks = aligned_alloc(ALIGNMENT, 2 * COPY_CHUNK);
	bool direct;
	int device = open_uncached(path, &direct);
	int error = -ENOMEM;

	*at = 0;
	if (device < 0)
		error = device;
	else if (chunks)
		error = compare(image, device, chunks, bytes, at, show,
				&direct);
	if (device >= 0)
		close(device);
	free(chunks);
	return error;
}
