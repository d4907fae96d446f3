/*
 * tsc.h - the time-stamp counter. Any context.
 */
#ifndef LIB_X86_TSC_H
#define LIB_X86_TSC_H

#include <stdint.h>

/* Ticks: what one is worth differs; an emulator may make them up. Also keeps
 * the compiler from moving memory accesses across. SDM 2B, RDTSC. */
static inline uint64_t tsc_read(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

#endif
