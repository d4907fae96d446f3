/*
 * io.h - ports, CPUID, and memory outside our segment, which C cannot name.
 */
#ifndef DIAG_IO_H
#define DIAG_IO_H

#include <stdint.h>

static inline void port_write(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

/* The byte at segment:offset, any of the first MiB and 64 KiB. */
static inline uint8_t far_read(uint16_t segment, uint32_t offset)
{
	uint8_t value;

	__asm__ volatile("movw %1, %%fs\n\t"
			 "movb %%fs:(%2), %0"
			 : "=q"(value)
			 : "r"(segment), "r"(offset));
	return value;
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

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* Only where the CPU has CPUID. */
static inline struct cpuid cpuid_read(uint32_t leaf)
{
	struct cpuid out;

	__asm__ volatile("cpuid"
			 : "=a"(out.eax), "=b"(out.ebx), "=c"(out.ecx),
			   "=d"(out.edx)
			 : "a"(leaf), "c"(0));
	return out;
}

/* EFLAGS with `bits` flipped, as the CPU keeps it; a 386 can do this. */
static inline uint32_t flags_flip(uint32_t bits)
{
	uint32_t before, after;

	__asm__ volatile("pushfl\n\t"
			 "popl %0\n\t"
			 "movl %0, %1\n\t"
			 "xorl %2, %1\n\t"
			 "pushl %1\n\t"
			 "popfl\n\t"
			 "pushfl\n\t"
			 "popl %1\n\t"
			 "pushl %0\n\t"
			 "popfl"
			 : "=&r"(before), "=&r"(after)
			 : "ri"(bits)
			 : "cc", "memory");
	return before ^ after;
}

#endif
