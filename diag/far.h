/*
 * far.h - memory outside our segment, which C cannot name.
 */
#ifndef DIAG_FAR_H
#define DIAG_FAR_H

#include <stdint.h>

/* The byte at segment:offset, anywhere that real mode reaches. */
static inline uint8_t far_read(uint16_t segment, uint32_t offset)
{
	uint8_t value;

	__asm__ volatile("movw %1, %%fs\n\t"
			 "movb %%fs:(%2), %0"
			 : "=q"(value)
			 : "r"(segment), "r"(offset));
	return value;
}

/* The segment that all our code and variables lie in. */
static inline uint16_t own_segment(void)
{
	uint16_t segment;

	__asm__("movw %%ds, %0" : "=rm"(segment));
	return segment;
}

static inline void far_write(uint16_t segment, uint32_t offset, uint8_t value)
{
	__asm__ volatile("movw %1, %%fs\n\t"
			 "movb %0, %%fs:(%2)"
			 :
			 : "q"(value), "r"(segment), "r"(offset)
			 : "memory");
}

/* The word at an address below 64 KiB. */
static inline uint16_t low_word(uint32_t address)
{
	return (uint16_t)(far_read(0, address) | far_read(0, address + 1) << 8);
}

#endif
