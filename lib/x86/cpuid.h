/*
 * cpuid.h - what the CPU says of itself. Any context.
 */
#ifndef LIB_X86_CPUID_H
#define LIB_X86_CPUID_H

#include <stdint.h>

#include "boot/x86.h"

#define CPUID_VENDOR_SIZE 13 /* with a NUL */
#define CPUID_BRAND_SIZE 49

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

/* How many bits a physical address has, 32 to 52; 36 where the CPU does not
 * say, or says something else (SDM 3A, "Enumeration of Paging Features by
 * CPUID"). */
static inline unsigned int cpuid_physical_bits(void)
{
	unsigned int bits = 0;

	if (cpuid_read(CPUID_EXT_MAX).eax >= CPUID_EXT_ADDRESSES)
		bits = cpuid_read(CPUID_EXT_ADDRESSES).eax & 0xFF;
	return bits >= 32 && bits <= 52 ? bits : 36;
}

/* EAX of leaf 1: SDM 2A, CPUID, "Version Information". */
static inline uint32_t cpuid_family(uint32_t signature)
{
	uint32_t family = signature >> 8 & 0xF;

	return family == 15 ? family + (signature >> 20 & 0xFF) : family;
}

static inline uint32_t cpuid_model(uint32_t signature)
{
	uint32_t family = signature >> 8 & 0xF, model = signature >> 4 & 0xF;

	return family == 6 || family == 15 ? model | (signature >> 12 & 0xF0) :
					     model;
}

/* The four characters in `word`; returns where the next go. */
static inline char *cpuid_letters(char *to, uint32_t word)
{
	for (int i = 0; i < 4; i++, word >>= 8)
		*to++ = (char)word;
	return to;
}

static inline void cpuid_vendor(char vendor[CPUID_VENDOR_SIZE])
{
	struct cpuid names = cpuid_read(0);
	char *to = cpuid_letters(vendor, names.ebx);

	to = cpuid_letters(to, names.edx);
	*cpuid_letters(to, names.ecx) = '\0';
}

/* Where there is none: "". Intel fills it up with blanks at its left. */
static inline void cpuid_brand(char brand[CPUID_BRAND_SIZE])
{
	uint32_t parts = cpuid_read(CPUID_EXT_MAX).eax >= CPUID_BRAND + 2 ? 3 :
									    0;
	char *to = brand;

	for (uint32_t i = 0; i < parts; i++) {
		struct cpuid part = cpuid_read(CPUID_BRAND + i);
		uint32_t words[] = { part.eax, part.ebx, part.ecx, part.edx };

		for (unsigned int at = 0; at < sizeof(words); at++) {
			char c = (char)(words[at / 4] >> at % 4 * 8);

			if (c != ' ' || to > brand)
				*to++ = c;
		}
	}
	*to = '\0';
}

#endif
