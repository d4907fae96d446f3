/*
 * crc32c_sse42.c - CRC-32C by the CPU's instruction (SDM 2A, CRC32).
 */
#include "crc32c.h"

#define BLOCK 64 /* bytes per turn of the unrolled loop */

/* `end` is the end of one block or more, `offset` runs from -bytes up to 0. */
static uint64_t add_blocks(uint64_t crc, const uint8_t *end, intptr_t offset)
{
	do {
		__asm__ volatile(".irp word, 0,8,16,24,32,40,48,56\n\t"
				 "crc32q \\word(%[end],%[offset]), %[crc]\n\t"
				 ".endr"
				 : [crc] "+r"(crc)
				 : [end] "r"(end), [offset] "r"(offset)
				 : "memory");
		offset += BLOCK;
	} while (offset);
	return crc;
}

uint32_t crc32c_sse42(uint32_t crc, const void *data, size_t length)
{
	const uint8_t *at = data;
	size_t blocks = length / BLOCK * BLOCK;
	uint64_t register64 = (uint32_t)~crc;

	at += blocks;
	length -= blocks;
	if (blocks)
		register64 = add_blocks(register64, at, -(intptr_t)blocks);
	for (; length; length--, at++) /* less than a block: few enough */
		__asm__("crc32b %1, %0" : "+r"(register64) : "m"(*at));
	return ~(uint32_t)register64;
}
