/*
 * tar.h - the files in a tar archive in memory (POSIX.1-1988 "ustar", and what
 * GNU tar writes for short names).
 *
 * Any bytes are safe. Only regular files are told of; directories, links and
 * devices are passed over. No locks, no allocation. Context: any.
 */
#ifndef LIB_TAR_H
#define LIB_TAR_H

#include <stddef.h>
#include <stdint.h>

#define TAR_NAME_MAX 256 /* a prefix of 155, a slash and a name of 100 */

/* Why there is no further file: what tar_error_text() says. */
enum tar_error {
	TAR_OK,
	TAR_END, /* the archive ends here, as it should */
	TAR_CUT, /* it ends inside a header or a file */
	TAR_MAGIC, /* this is no tar header */
	TAR_CHECKSUM, /* the header was changed */
	TAR_SIZE, /* the file's size is no number */
	TAR_ERRORS
};

struct tar {
	const uint8_t *bytes;
	size_t size;
	size_t at; /* of the next header; of the bad one after an error */
};

struct tar_file {
	char name[TAR_NAME_MAX + 1]; /* without a "./" in front */
	const uint8_t *bytes;
	size_t size;
};

/* Begin with an archive's first file. */
void tar_start(struct tar *tar, const void *bytes, size_t size);

/* The next regular file. An archive of no bytes ends at once; one without the
 * zeros that mark its end may end behind any file. After an error the same one
 * comes again. */
enum tar_error tar_next(struct tar *tar, struct tar_file *file);

/* "the archive is cut short", ... */
const char *tar_error_text(enum tar_error error);

#endif
