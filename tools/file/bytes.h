/*
 * bytes.h - little-endian numbers in byte arrays, and byte ranges.
 *
 * Everything on the disk is little-endian and unaligned as far as C is
 * concerned; the host may be neither. Callers have checked the bounds.
 */
#ifndef FILE_BYTES_H
#define FILE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/* Bytes that somebody else owns. */
struct bytes {
	const uint8_t *data;
	size_t size;
};

static inline uint16_t get_le16(const uint8_t *at)
{
	return (uint16_t)(at[0] | at[1] << 8);
}

static inline uint32_t get_le32(const uint8_t *at)
{
	return get_le16(at) | (uint32_t)get_le16(at + 2) << 16;
}

static inline uint64_t get_le64(const uint8_t *at)
{
	return get_le32(at) | (uint64_t)get_le32(at + 4) << 32;
}

static inline void put_le16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

static inline void put_le32(uint8_t *at, uint32_t value)
{
	put_le16(at, (uint16_t)value);
	put_le16(at + 2, (uint16_t)(value >> 16));
}

static inline void put_le64(uint8_t *at, uint64_t value)
{
	put_le32(at, (uint32_t)value);
	put_le32(at + 4, (uint32_t)(value >> 32));
}

/* Copies `size` bytes of text, up to a NUL; what isn't printable ASCII becomes
 * '.', blanks at the end go. `to` has room for size + 1. */
static inline void get_text(char *to, const uint8_t *from, size_t size)
{
	size_t length = 0;

	for (; length < size && from[length]; length++)
		to[length] = (char)(from[length] < ' ' || from[length] > '~' ?
					    '.' :
					    from[length]);
	while (length && to[length - 1] == ' ')
		length--;
	to[length] = '\0';
}

/* The least multiple of `unit` (not 0) that is not below `value`; `value` is
 * far enough from 2^64. */
static inline uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) / unit * unit;
}

#endif
