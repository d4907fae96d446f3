/*
 * heap.h - small blocks of memory, many to a page.
 *
 * A page holds blocks of one size and, at its end, what is known of each: no
 * header stands in front of a block, so that a block of 2^n bytes is aligned to
 * 2^n, and what is written behind a block's end does not change which block is
 * free. For each block the place is kept that took it last, and the one that
 * released it last, so that a mistake is reported with both. A place is any
 * number but 0 that means something to the caller, such as a code address.
 *
 * Blocks of more than HEAP_SMALL_MAX bytes are somebody else's.
 *
 * Taking and releasing need a constant number of steps. No locks: the caller
 * has one, if need be, but for heap_retire(); and see heap_cache.h.
 */
#ifndef LIB_HEAP_H
#define LIB_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAP_SMALL_MAX 1024 /* bytes */
#define HEAP_CLASSES 12 /* sizes of blocks */
#define HEAP_ALIGNMENT 16 /* of every block, at least (C17, 6.2.8) */

/* What went wrong: what heap_error_text() says. */
enum heap_error {
	HEAP_OK,
	HEAP_FOREIGN, /* it lies in no page of the heap */
	HEAP_INSIDE, /* it is not the first byte of a block */
	HEAP_NOT_TAKEN, /* this block was never taken */
	HEAP_RELEASED, /* this block was released already */
	HEAP_DAMAGED, /* what the heap keeps in the page was overwritten */
	HEAP_ERRORS
};

/* Where the pages come from: PAGE_SIZE bytes, aligned to as many. */
struct heap_pages {
	void *(*take)(void); /* NULL: there is none left */
	void (*give)(void *page);
	bool (*is_heap)(const void *address); /* in a page from take() */
};

struct heap_page; /* heap_page.h */

struct heap_class {
	struct heap_page *partial, *full; /* pages, with and without room */
	uint64_t pages;
	uint64_t used; /* blocks, those retired included */
};

struct heap {
	const struct heap_pages *pages;
	struct heap_class classes[HEAP_CLASSES];
};

struct heap_block {
	uint64_t start;
	size_t bytes; /* of its class */
	size_t wanted; /* as heap_take() was told */
	bool in_use;
	bool seen; /* heap_each() met it in use before */
	uint32_t taken_at, released_at; /* 0: never */
};

void heap_start(struct heap *heap, const struct heap_pages *pages);

/**
 * heap_take - a block with anything in it; one that was never taken is the
 * next one of its page
 * @bytes:	0..HEAP_SMALL_MAX; 0 gives a block, too
 * @place:	who takes it
 *
 * NULL: there is no page left.
 */
void *heap_take(struct heap *heap, size_t bytes, uint32_t place);

/* Release a block, so that it can be taken again. If this is not HEAP_OK,
 * nothing has changed; what is known of the block is told by heap_find(). */
enum heap_error heap_release(struct heap *heap, void *block, uint32_t place);

/*
 * The two halves of heap_release(). A retired block is released, and misuse of
 * it is noticed, but it keeps its place in its page: its memory is not taken
 * again before it is recycled. To retire a block needs no lock.
 */
enum heap_error heap_retire(const struct heap *heap, void *block,
			    uint32_t place);
void heap_recycle(struct heap *heap, void *block);

/* Another number of wanted bytes for a block in use, of the same class. */
void heap_resize(void *block, size_t bytes);

/* The block in which an address lies, in use or not. False: none. */
bool heap_find(const struct heap *heap, uint64_t address,
	       struct heap_block *block);

/* Bytes that fit into the block which heap_take() would give. */
size_t heap_block_bytes(size_t bytes);

/* Of the blocks of a class; 0: there is no such class. */
size_t heap_class_bytes(unsigned int size_class);

/* Call visit() for each block in use, and note that it was seen. */
void heap_each(struct heap *heap,
	       void (*visit)(const struct heap_block *block));

/* "was released already", ... */
const char *heap_error_text(enum heap_error error);

#endif
