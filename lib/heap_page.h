/*
 * heap_page.h - what a page of the heap holds: for heap.c, and for what is
 * inline in heap_cache.h. Others use heap.h.
 */
#ifndef LIB_HEAP_PAGE_H
#define LIB_HEAP_PAGE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/layout.h"
#include "heap.h"

/* What is known of a block. */
enum block_state {
	BLOCK_FRESH, /* never taken */
	BLOCK_FREE,
	BLOCK_RETIRED, /* released, but not to be taken yet */
	BLOCK_USED,
	BLOCK_SEEN, /* used, and heap_each() met it */
};

struct block_record {
	uint32_t taken_at, released_at; /* 0: never */
	uint16_t wanted; /* bytes */
	_Atomic uint8_t state;
	uint8_t next; /* the number of the next free block, or HEAP_LAST */
};

#define HEAP_LAST 0xFF

/* What a page holds behind its blocks: a guard, a record for each block, and
 * this at its end. */
struct heap_page {
	struct heap_page *next, *previous; /* in a list of its class */
	uint64_t *guard; /* directly behind the last block */
	struct block_record *records;
	uint16_t bytes; /* of a block */
	uint8_t size_class;
	uint8_t count; /* of blocks */
	uint8_t used; /* those retired included */
	uint8_t free; /* the first free block, or HEAP_LAST */
};

#define HEAP_GUARD 0x48EA9BA6E48EA9BA
/* The class for a size in units of HEAP_ALIGNMENT. */
extern uint8_t heap_class_of_units[HEAP_SMALL_MAX / HEAP_ALIGNMENT + 1];

static inline unsigned int heap_class_of(size_t bytes)
{
	return heap_class_of_units[(bytes + HEAP_ALIGNMENT - 1) /
				   HEAP_ALIGNMENT];
}

static inline struct heap_page *heap_page_with(const void *address)
{
	uint64_t start = (uint64_t)address & ~(uint64_t)(PAGE_SIZE - 1);

	return (struct heap_page *)(start + PAGE_SIZE) - 1;
}

/* Of a block that is one. */
static inline struct block_record *heap_record_of(const struct heap_page *page,
						  const void *block)
{
	unsigned int offset = (uint64_t)block % PAGE_SIZE;

	return &page->records[offset / page->bytes];
}

/* Of what may be no block, but lies in a page of the heap. */
static inline enum heap_error heap_record_find(const void *block,
					       struct block_record **record)
{
	const struct heap_page *page = heap_page_with(block);
	unsigned int offset = (uint64_t)block % PAGE_SIZE;

	if (*page->guard != HEAP_GUARD)
		return HEAP_DAMAGED;
	if (offset % page->bytes || offset / page->bytes >= page->count)
		return HEAP_INSIDE;
	*record = &page->records[offset / page->bytes];
	return HEAP_OK;
}

static inline void heap_note_taken(struct block_record *record, size_t bytes,
				   uint32_t place)
{
	record->taken_at = place;
	record->wanted = (uint16_t)bytes;
	atomic_store_explicit(&record->state, BLOCK_USED, memory_order_release);
}

/* From used to retired. Of two processors that release it at once, one comes
 * too late. */
static inline enum heap_error heap_record_retire(struct block_record *record,
						 uint32_t place)
{
	uint8_t state =
		atomic_load_explicit(&record->state, memory_order_relaxed);

	do {
		if (state < BLOCK_USED)
			return state == BLOCK_FRESH ? HEAP_NOT_TAKEN :
						      HEAP_RELEASED;
	} while (!atomic_compare_exchange_weak(&record->state, &state,
					       BLOCK_RETIRED));
	record->released_at = place;
	return HEAP_OK;
}

#endif
