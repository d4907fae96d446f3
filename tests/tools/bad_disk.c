/*
 * bad_disk.c - LD_PRELOAD: play a bad disk for usbwrite.
 *
 *	BAD_FULL=N	writing at byte N or later fails, the disk is full
 *	BAD_FLIP=N	reading back byte N shows its lowest bit flipped
 *	BAD_MEDIUM=N	the same, but the page cache still has what was written
 *	BAD_BACKING=F	once it is written, byte 4096 of the file F changes
 *
 * Only the file that was opened as BAD_PATH is bad.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_bad(int file)
{
	const char *path = getenv("BAD_PATH");
	char link[64], real[4096];
	ssize_t length;

	strcpy(link, "/proc/self/fd/");
	link[14] = (char)('0' + file / 10);
	link[15] = (char)('0' + file % 10);
	link[16] = '\0';
	if (link[14] == '0')
		memmove(link + 14, link + 15, 2);
	length = readlink(link, real, sizeof(real) - 1);
	if (!path || length < 0)
		return 0;
	real[length] = '\0';
	return !strcmp(real, path);
}

static long variable(const char *name)
{
	const char *text = getenv(name);

	return text ? atol(text) : -1;
}

ssize_t pwrite(int file, const void *from, size_t bytes, off_t offset)
{
	ssize_t (*real)(int, const void *, size_t, off_t) =
		(ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT,
								    "pwrite");
	long full = variable("BAD_FULL");

	if (full >= 0 && is_bad(file)) {
		if (offset >= full) {
			errno = ENOSPC;
			return -1;
		}
		if (offset + (off_t)bytes > full)
			bytes = (size_t)(full - offset);
	}
	return real(file, from, bytes, offset);
}

ssize_t pread(int file, void *to, size_t bytes, off_t offset)
{
	ssize_t (*real)(int, void *, size_t, off_t) =
		(ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT,
							      "pread");
	ssize_t got = real(file, to, bytes, offset);
	long flip = variable("BAD_FLIP");

	if (flip < 0 && fcntl(file, F_GETFL) & O_DIRECT)
		flip = variable("BAD_MEDIUM");
	if (flip >= offset && flip < offset + got && is_bad(file))
		((char *)to)[flip - offset] ^= 1;
	return got;
}

int fsync(int file)
{
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	int result = real(file), backing;
	char byte;

	if (!getenv("BAD_BACKING") || !is_bad(file))
		return result;
	backing = open(getenv("BAD_BACKING"), O_RDWR);
	if (pread(backing, &byte, 1, 4096) == 1) {
		byte ^= 1;
		pwrite(backing, &byte, 1, 4096);
	}
	close(backing);
	return result;
}
