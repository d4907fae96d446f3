/*
 * input.c - read a whole file, and know it again by another name.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "boot/layout.h"
#include "input.h"

static int check_kind(const char *path, const struct stat *info,
		      struct reason *reason)
{
	if (S_ISDIR(info->st_mode))
		return refuse(reason, "%s is a directory: name a file", path);
	if (!S_ISREG(info->st_mode))
		return refuse(reason,
			      "%s is a pipe or a device: copy it to a file "
			      "first",
			      path);
	if ((uint64_t)info->st_size > LOAD_END)
		return refuse(reason,
			      "%s has %" PRIu64
			      " bytes, nothing loads above " HEX
			      " (4 GiB): make it smaller",
			      path, (uint64_t)info->st_size,
			      (uint64_t)LOAD_END);
	return 0;
}

/* Reads exactly input->size bytes. */
static int read_all(int fd, struct input *input, struct reason *reason)
{
	size_t at = 0;

	while (at < input->size) {
		ssize_t got = read(fd, input->data + at, input->size - at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return refuse(reason, "can't read %s: %s", input->path,
				      strerror(errno));
		if (!got)
			return refuse(reason,
				      "%s ended after %zu of %zu bytes: "
				      "somebody writes to it, try again",
				      input->path, at, input->size);
		at += (size_t)got;
	}
	return 0;
}

static int read_file(int fd, struct input *input, struct reason *reason)
{
	struct stat info;

	if (fstat(fd, &info))
		return refuse(reason, "can't read %s: %s", input->path,
			      strerror(errno));
	if (check_kind(input->path, &info, reason))
		return -1;
	input->device = info.st_dev;
	input->inode = info.st_ino;
	input->size = (size_t)info.st_size;
	input->data = malloc(input->size ? input->size : 1);
	if (!input->data)
		return refuse(reason,
			      "no memory for the %zu bytes of %s: end other "
			      "programs",
			      input->size, input->path);
	return read_all(fd, input, reason);
}

int input_read(const char *path, struct input *input, struct reason *reason)
{
	/* O_NONBLOCK: a pipe without a writer is to be refused, not awaited */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int result;

	memset(input, 0, sizeof(*input));
	if (fd < 0)
		return refuse(reason, "can't open %s: %s", path,
			      strerror(errno));
	input->path = path;
	result = read_file(fd, input, reason);
	close(fd);
	if (result)
		input_release(input);
	return result;
}

void input_release(struct input *input)
{
	free(input->data);
	memset(input, 0, sizeof(*input));
}

struct bytes input_bytes(const struct input *input)
{
	return (struct bytes){ input->data, input->size };
}

int input_is(const struct input *input, const char *path)
{
	struct stat info;

	return input->path && !stat(path, &info) &&
	       info.st_dev == input->device && info.st_ino == input->inode;
}
