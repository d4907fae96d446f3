/*
 * crc32c.c - CRC-32C for every CPU: eight bytes at a time by eight tables.
 *
 * tables[0][b] is what byte b does to the register when it is shifted out;
 * tables[k][b] is the same, followed by k zero bytes. So eight bytes can be
 * looked up at once and the results added ("slicing by 8", Kounavis and
 * Berry 2005). Building the tables costs less than keeping 8 KiB on disk.
 * Where code is dear, one table and a byte at a time will do: SLICES 1.
 */
#include "crc32c.h"

#include "boot/image.h"

#ifndef SLICES
#define SLICES 8
#endif

static uint32_t tables[SLICES][256];

static uint32_t shift_byte_out(uint32_t crc)
{
	return crc >> 8 ^ tables[0][crc & 0xFF];
}

static void build_tables(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? CRC32C_POLYNOMIAL : 0);
		tables[0][byte] = crc;
	}
	for (int slice = 1; slice < SLICES; slice++)
		for (int byte = 0; byte < 256; byte++)
			tables[slice][byte] =
				shift_byte_out(tables[slice - 1][byte]);
}

/* Four bytes that `slices` zero bytes follow. Halves of a word, not words:
 * the CPU gets at two bytes of a register without shifting. */
static inline uint32_t shift_half_out(uint32_t half, int slices)
{
	uint32_t low = tables[slices + 3][half & 0xFF] ^
		       tables[slices + 2][half >> 8 & 0xFF];

	half >>= 16;
	return low ^ tables[slices + 1][half & 0xFF] ^
	       tables[slices][half >> 8];
}

uint32_t crc32c(uint32_t crc, const void *data, size_t length)
{
	const uint8_t *at = data;
	uint32_t halves[2];

	if (!tables[SLICES - 1][255])
		build_tables();
	crc = ~crc;
	for (; SLICES == 8 && length >= sizeof(halves);
	     length -= sizeof(halves)) {
		__builtin_memcpy(halves, at, sizeof(halves));
		crc = shift_half_out(crc ^ halves[0], 4) ^
		      shift_half_out(halves[1], 0);
		at += sizeof(halves);
	}
	while (length--)
		crc = shift_byte_out(crc ^ *at++);
	return ~crc;
}
