/*
 * address.h - two kinds of numbers that are addresses.
 *
 * They are the same number for all that the kernel has mapped (kernel/memory/
 * pages.h), and yet to mix them up is a mistake: what page tables, devices and
 * the memory map hold is physical, what pointers, RIP, RSP and CR2 hold is
 * virtual.
 */
#ifndef LIB_ADDRESS_H
#define LIB_ADDRESS_H

#include <stdint.h>

#include "boot/layout.h"

typedef uint64_t paddr_t;
typedef uint64_t vaddr_t;

/* The page in which an address lies. */
static inline uint64_t address_page(uint64_t address)
{
	return address & ~(uint64_t)(PAGE_SIZE - 1);
}

/* Where RAM, or a device that was mapped, is read and written: at its own
 * address. The only way from a physical address to a pointer. */
static inline void *paddr_pointer(paddr_t address)
{
	return (void *)address;
}

#endif
