/*
 * crc32c.c - CRC-32C for every CPU: four bytes at a time by four tables.
 *
 * tables[0][b] is what byte b does to the register when it is shifted out;
 * tables[k][b] is the same, followed by k zero bytes. So four bytes can be
 * looked up at once and the results added ("slicing", Kounavis and Berry
 * 2005). Building the tables costs less than keeping 4 KiB on disk.
 */
#include "crc32c.h"

#include "boot/image.h"

#define SLICES 4

static uint32_t tables[SLICES][256];

static void build_tables(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t crc = byte;

		for (int bit = 1; bit <= 8 * SLICES; bit++) {
			crc = crc >> 1 ^ (crc & 1 ? CRC32C_POLYNOMIAL : 0);
			if (bit % 8 == 0)
				tables[bit / 8 - 1][byte] = crc;
		}
	}
}

/* Halves of the word: the CPU gets at a register's two lowest bytes without
 * shifting. */
static inline uint32_t shift_word_out(uint32_t word)
{
	uint32_t low = tables[3][word & 0xFF] ^ tables[2][word >> 8 & 0xFF];

	word >>= 16;
	return low ^ tables[1][word & 0xFF] ^ tables[0][word >> 8];
}

uint32_t crc32c(uint32_t crc, const void *data, size_t length)
{
	const uint8_t *at = data;
	uint32_t word;

	if (!tables[SLICES - 1][255])
		build_tables();
	crc = ~crc;
	for (; length >= sizeof(word); length -= sizeof(word)) {
		__builtin_memcpy(&word, at, sizeof(word));
		crc = shift_word_out(crc ^ word);
		at += sizeof(word);
	}
	for (; length; length--)
		crc = crc >> 8 ^ tables[0][(crc ^ *at++) & 0xFF];
	return ~crc;
}
