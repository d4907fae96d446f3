/*
 * ranges.h - ranges of addresses: whole pages of memory with a guard page,
 * which is absent, before and behind.
 *
 * Addresses are plenty, so they are divided for good: for every power of two
 * there is an area of slots of that many pages. A range takes a slot that is
 * larger than itself by at least one page and begins with the slot's second
 * page: the first is its guard, and the next slot's first the guard behind. So
 * the range to which an address belongs is found by arithmetic. A slot that
 * was given back is used again last, so that whoever still uses the old range
 * faults for as long as possible.
 *
 * Taking and giving need a constant number of steps, and one for each page. No
 * locks: the caller has one, if need be.
 */
#ifndef LIB_RANGES_H
#define LIB_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/layout.h"

#define RANGES_SIZES 28 /* of slots: 2, 4, 8 ... 2^28 pages */
#define RANGES_BYTES_MAX (((1ULL << RANGES_SIZES) - 1) * PAGE_SIZE) /* 1 TiB */

/* Bytes of addresses that it all takes: 58 TiB, an area for the slots of each
 * size, and one for what is kept of them. */
#define RANGES_AREA (1ULL << 41)
#define RANGES_SPAN ((RANGES_SIZES + 1) * RANGES_AREA)

/* What went wrong: what range_error_text() says. */
enum range_error {
	RANGE_OK,
	RANGE_FOREIGN, /* no range was ever there */
	RANGE_INSIDE, /* it is not the first byte of a range */
	RANGE_GIVEN, /* the range was given back already */
	RANGE_ERRORS
};

/* How memory comes to a page, and goes again. */
struct range_pages {
	bool (*map)(uint64_t page); /* false: none is left */
	void (*unmap)(uint64_t page);
};

/* What is known of a slot's range. */
struct range {
	uint64_t start;
	uint64_t bytes; /* as ranges_take() was told */
	bool in_use;
	bool seen; /* ranges_each() met it in use before */
	uint32_t taken_at, given_at; /* places as in heap.h, 0: never */
};

struct range_area {
	uint64_t fresh; /* slots from this one on were never used */
	uint64_t first, last; /* of those given back, plus 1; 0: none */
};

struct ranges {
	const struct range_pages *memory;
	uint64_t base; /* RANGES_SPAN bytes from here on */
	struct range_area areas[RANGES_SIZES];
	uint64_t count, pages; /* in use */
};

/* Begin with nothing in use; all addresses are absent. */
void ranges_start(struct ranges *ranges, const struct range_pages *memory,
		  uint64_t base);

/**
 * ranges_take - a range with memory behind every page
 * @bytes:	1..RANGES_BYTES_MAX; whole pages are mapped
 * @place:	who takes it
 *
 * Returns its first address; 0: too large, or no memory is left.
 */
uint64_t ranges_take(struct ranges *ranges, uint64_t bytes, uint32_t place);

/* Give a range back, and the memory behind it. If this is not RANGE_OK,
 * nothing has changed; what is known of it is told by ranges_find(). */
enum range_error ranges_give(struct ranges *ranges, uint64_t start,
			     uint32_t place);

/* Pages behind so many bytes. */
static inline uint64_t range_pages_of(uint64_t bytes)
{
	return bytes / PAGE_SIZE + (bytes % PAGE_SIZE != 0);
}

/* What is known of the slot in which an address lies: the range itself, or one
 * of its guards. False: no range was ever there. */
bool ranges_find(const struct ranges *ranges, uint64_t address,
		 struct range *range);

/* Call visit() for each range in use, and note that it was seen. */
void ranges_each(struct ranges *ranges,
		 void (*visit)(const struct range *range));

/* "was given back already", ... */
const char *range_error_text(enum range_error error);

#endif
