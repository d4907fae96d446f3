/*
 * range.h - memory at addresses of its own, with an absent page before and
 * behind it: stacks, and blocks of more than a page.
 *
 * They lie from slot 256 of the top page table on (ranges.h), where nothing
 * else is. Running over an end is a page fault there, and the panic page says
 * which range it was, and who took it.
 *
 * Context: any but NMI; takes locks. Interrupts are off for all of a call: some
 * 1,000 instructions for each page.
 */
#ifndef KERNEL_MEMORY_RANGE_H
#define KERNEL_MEMORY_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "ranges.h"

/* Needs pages_start(). */
void range_start(void);

/**
 * range_take - memory for reading and writing, with anything in it
 * @bytes:	rounded up to whole pages
 * @place:	the code address that is named as who took it
 *
 * NULL: nothing is left. Aligned to a page.
 */
void *range_take(size_t bytes, vaddr_t place);

/* Give it back: its pages become absent. If this is not RANGE_OK, nothing has
 * changed. */
enum range_error range_give(void *start, vaddr_t place);

/* Make a page of a range absent for good: a range with one is never given
 * back. */
void range_make_guard(void *page);

/* Whether only a range can have this address. */
bool range_is_address(vaddr_t address);

/* The range in whose slot an address lies; false: none. Takes no lock: for the
 * panic page, too. */
bool range_find(vaddr_t address, struct range *range);

/* How many are in use, and of how many pages. */
uint64_t range_count(void);
uint64_t range_pages(void);

/* Call visit() for each in use; one that is visited is "seen" from then on. */
void range_each(void (*visit)(const struct range *range));

#endif
