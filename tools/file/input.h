/*
 * input.h - read a whole file, and know it again by another name.
 */
#ifndef FILE_INPUT_H
#define FILE_INPUT_H

#include <sys/types.h>

#include "bytes.h"
#include "reason.h"

struct input {
	const char *path; /* NULL: nothing was read */
	uint8_t *data; /* malloc'd */
	size_t size;
	dev_t device;
	ino_t inode;
};

/* Reads the regular file `path`. Returns 0, or -1 with the reason; then
 * there is nothing to release. `path` must outlive `input`. */
int input_read(const char *path, struct input *input, struct reason *reason);

void input_release(struct input *input);

struct bytes input_bytes(const struct input *input);

/* Is `path` the file that was read, under whatever name? */
int input_is(const struct input *input, const char *path);

#endif
