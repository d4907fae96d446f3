#include "tar.h"

#include <stdbool.h>

#include "string.h"

#define BLOCK 512

/* A header's fields, by their offset (POSIX.1-1988, 10.1.1 "Extended tar
 * Format"). */
#define NAME 0
#define NAME_SIZE 100
#define SIZE 124
#define SIZE_SIZE 12
#define CHECKSUM 148
#define CHECKSUM_SIZE 8
#define TYPE 156
#define MAGIC 257
#define MAGIC_SIZE 5 /* "ustar", then a NUL or, in GNU's, a blank */
#define PREFIX 345
#define PREFIX_SIZE 155

#define TYPE_REGULAR '0'
#define TYPE_REGULAR_OLD '\0'

void tar_start(struct tar *tar, const void *bytes, size_t size)
{
	*tar = (struct tar){ bytes, size, 0 };
}

/* Octal digits, blanks in front, ended by a blank, a NUL or the field. */
static bool read_octal(const uint8_t *field, size_t size, uint64_t *value)
{
	size_t i = 0;
	bool digits = false;

	while (i < size && field[i] == ' ')
		i++;
	for (*value = 0; i < size && field[i] >= '0' && field[i] <= '7'; i++) {
		*value = *value << 3 | (field[i] - '0');
		digits = true;
	}
	return digits && (i == size || field[i] == ' ' || field[i] == '\0');
}

/* All bytes, those of the checksum itself as blanks. */
static bool checksum_fits(const uint8_t *header)
{
	uint64_t sum = 0, said;

	for (size_t i = 0; i < BLOCK; i++)
		sum += i - CHECKSUM < CHECKSUM_SIZE ? ' ' : header[i];
	return read_octal(header + CHECKSUM, CHECKSUM_SIZE, &said) &&
	       said == sum;
}

static bool is_zero(const uint8_t *block)
{
	for (size_t i = 0; i < BLOCK; i++)
		if (block[i])
			return false;
	return true;
}

/* Copies a field that may fill its room without a NUL; returns its length. */
static size_t copy_field(char *to, const uint8_t *field, size_t size)
{
	size_t length = 0;

	while (length < size && field[length]) {
		to[length] = (char)field[length];
		length++;
	}
	to[length] = '\0';
	return length;
}

/* Old headers have no prefix, and other things in its place; GNU's likewise. */
static void read_name(const uint8_t *header, char *name)
{
	const uint8_t *last = header + NAME;
	size_t size = NAME_SIZE, length = 0;

	if (header[MAGIC + MAGIC_SIZE] == '\0')
		length = copy_field(name, header + PREFIX, PREFIX_SIZE);
	if (length) {
		name[length++] = '/';
	} else if (last[0] == '.' && last[1] == '/') {
		last += 2;
		size -= 2;
	}
	copy_field(name + length, last, size);
}

/* Judges the header at tar->at. */
static enum tar_error read_header(const struct tar *tar, uint64_t *size)
{
	const uint8_t *header = tar->bytes + tar->at;
	size_t left = tar->size - tar->at;

	if (left == 0)
		return TAR_END;
	if (left < BLOCK)
		return TAR_CUT;
	if (is_zero(header))
		return TAR_END;
	if (memcmp(header + MAGIC, "ustar", MAGIC_SIZE) != 0)
		return TAR_MAGIC;
	if (!checksum_fits(header))
		return TAR_CHECKSUM;
	if (!read_octal(header + SIZE, SIZE_SIZE, size))
		return TAR_SIZE;
	return *size <= left - BLOCK ? TAR_OK : TAR_CUT;
}

/* A file's last block may be missing its end. */
static size_t behind(const struct tar *tar, uint64_t size)
{
	uint64_t blocks = BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;

	return blocks < tar->size - tar->at ? tar->at + (size_t)blocks :
					      tar->size;
}

enum tar_error tar_next(struct tar *tar, struct tar_file *file)
{
	for (;;) {
		const uint8_t *header = tar->bytes + tar->at;
		uint64_t size;
		enum tar_error error = read_header(tar, &size);

		if (error != TAR_OK)
			return error;
		tar->at = behind(tar, size);
		if (header[TYPE] != TYPE_REGULAR &&
		    header[TYPE] != TYPE_REGULAR_OLD)
			continue;
		read_name(header, file->name);
		file->bytes = header + BLOCK;
		file->size = (size_t)size;
		return TAR_OK;
	}
}

const char *tar_error_text(enum tar_error error)
{
	static const char *const texts[TAR_ERRORS] = {
		[TAR_OK] = "the archive is fine",
		[TAR_END] = "the archive ends here",
		[TAR_CUT] = "the archive is cut short",
		[TAR_MAGIC] = "this is no tar archive of the ustar format",
		[TAR_CHECKSUM] = "a header's checksum does not fit",
		[TAR_SIZE] = "a file's size is not an octal number",
	};

	return error < TAR_ERRORS ? texts[error] : "an unknown error";
}
