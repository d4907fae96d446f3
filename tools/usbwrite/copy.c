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

/* What was written is in the page cache, whatever became of the medium: empty
 * it, and read around it. Returns whether reads go around it. */
static bool leave_cache(int device)
{
	int flags = fcntl(device, F_GETFL);

#ifdef BLKFLSBUF
	ioctl(device, BLKFLSBUF); /* no block device: nothing to flush */
#endif
	posix_fadvise(device, 0, 0, POSIX_FADV_DONTNEED);
	return flags >= 0 && !fcntl(device, F_SETFL, flags | O_DIRECT);
}

static void return_to_cache(int device)
{
	int flags = fcntl(device, F_GETFL);

	if (flags >= 0)
		fcntl(device, F_SETFL, flags & ~O_DIRECT);
}

/* O_DIRECT reads whole blocks: what is behind the image does not matter, and
 * the buffer has room for it. */
static int read_direct(int device, uint8_t *to, size_t bytes, uint64_t offset)
{
	size_t whole = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	ssize_t got;

	do
		got = pread(device, to, whole, (off_t)offset);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	return (size_t)got >= bytes ? 0 : -EIO;
}

static int read_back(int device, uint8_t *to, size_t bytes, uint64_t offset,
		     bool *direct)
{
	int error = *direct ? read_direct(device, to, bytes, offset) : -EINVAL;

	if (error != -EINVAL)
		return error;
	if (*direct) /* the file system has no O_DIRECT after all */
		return_to_cache(device);
	*direct = false;
	return read_all(device, to, bytes, offset);
}

static size_t first_difference(const uint8_t *a, const uint8_t *b)
{
	size_t at = 0;

	while (a[at] == b[at])
		at++;
	return at;
}

static int compare_chunks(int image, int device, uint8_t *chunks,
			  uint64_t bytes, uint64_t *at, copy_progress *show,
			  bool *direct)
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

int copy_verify(int image, int device, uint64_t bytes, uint64_t *at,
		copy_progress *show)
{
	uint8_t *chunks = aligned_alloc(ALIGNMENT, 2 * COPY_CHUNK);
	bool direct = leave_cache(device);
	int error = -ENOMEM;

	*at = 0;
	if (chunks)
		error = compare_chunks(image, device, chunks, bytes, at, show,
				       &direct);
	free(chunks);
	return error;
}
