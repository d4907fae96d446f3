/*
 * cpuid.h - what the CPU says of itself. Any context.
 */
#ifndef LIB_X86_CPUID_H
#define LIB_X86_CPUID_H

#include <stdint.h>

#include "boot/x86.h"

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* SDM 2A, CPUID; the caller knows that CPUID and `leaf` exist. Of a leaf with
 * several parts, the first. */
static inline struct cpuid cpuid_read(uint32_t leaf)
{
	struct cpuid out;

	__asm__ volatile("cpuid"
			 : "=a"(out.eax), "=b"(out.ebx), "=c"(out.ecx),
			   "=d"(out.edx)
			 : "a"(leaf), "c"(0));
	return out;
}

#endif
