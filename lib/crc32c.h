/*
 * crc32c.h - CRC-32C (Castagnoli), as in iSCSI (RFC 3720, 12.1 and B.4).
 *
 * Start with 0; pass the last result to go on with more data:
 *
 *	crc32c(crc32c(0, a, n), b, m) is the CRC of a followed by b.
 *
 * Any context: no locks, no allocation.
 */
#ifndef LIB_CRC32C_H
#define LIB_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Runs on every CPU. The first call builds its tables (4 KiB of bss). */
uint32_t crc32c(uint32_t crc, const void *data, size_t length);

/* The same result by the CPU's instruction. The caller has seen SSE4.2 in
 * CPUID (SDM 2A, CRC32); without it this is an invalid opcode. */
uint32_t crc32c_sse42(uint32_t crc, const void *data, size_t length);

#endif
