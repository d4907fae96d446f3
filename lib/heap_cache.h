/*
 * heap_cache.h - blocks that a processor keeps for itself.
 *
 * What it has released it takes again without a lock, as long as nobody else
 * uses its cache: interrupts are off. Its blocks are retired (heap.h), so that
 * misuse is noticed as ever.
 *
 * Inline, since nearly every small block goes through here.
 */
#ifndef LIB_HEAP_CACHE_H
#define LIB_HEAP_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "heap.h"
#include "heap_page.h"

#define HEAP_KEPT_MAX 7 /* for `most` */

struct heap_cache {
	uint64_t most; /* of each class; at first 0, that is, none is kept */
	struct heap_kept {
		uint64_t count;
		void *blocks[HEAP_KEPT_MAX];
	} classes[HEAP_CLASSES];
};

/* As heap_take(), but NULL: the cache has none of this class. */
static inline void *heap_cache_take(struct heap_cache *cache, size_t bytes,
				    uint32_t place)
{
	struct heap_kept *kept = &cache->classes[heap_class_of(bytes)];
	void *block;

	if (!kept->count)
		return NULL;
	block = kept->blocks[--kept->count];
	heap_note_taken(heap_record_of(heap_page_with(block), block), bytes,
			place);
	return block;
}

/* Release a block, which lies in a page of the heap. False: nothing has
 * changed, as the cache is full, or it is a mistake: heap_release() tells. */
static inline bool heap_cache_give(struct heap_cache *cache, void *block,
				   uint32_t place)
{
	struct block_record *record;
	struct heap_kept *kept;

	if (heap_record_find(block, &record) != HEAP_OK)
		return false;
	kept = &cache->classes[heap_page_with(block)->size_class];
	if (kept->count >= cache->most ||
	    heap_record_retire(record, place) != HEAP_OK)
		return false;
	kept->blocks[kept->count++] = block;
	return true;
}

/* Recycle all of them (heap.c). */
void heap_cache_flush(struct heap *heap, struct heap_cache *cache);

#endif
