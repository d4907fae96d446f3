/*
 * kmalloc.h - memory of any size, for as long as it is needed.
 *
 *	struct thing *thing = kmalloc(sizeof(*thing));
 *
 *	if (!thing)
 *		return false;
 *	...
 *	kfree(thing);
 *
 * Blocks of up to HEAP_SMALL_MAX bytes lie many to a page (heap.h),
 * larger ones are ranges with an absent page before and behind them (range.h).
 * Every block is aligned to 16 bytes, and to its size if that is a power of
 * two, up to a page. For each the places are known that allocated and released
 * it, so that a block that is released twice, was never allocated, or does not
 * begin at that address ends in a panic that names both.
 *
 * Context: any but NMI; takes locks.
 */
#ifndef KERNEL_MEMORY_KMALLOC_H
#define KERNEL_MEMORY_KMALLOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "heap.h"

/* Needs range_start(). */
void kmalloc_start(void);

/* A block of so many bytes, with anything in it; 0 gives one, too, as C allows.
 * NULL: no memory is left. */
__attribute__((malloc, alloc_size(1))) void *kmalloc(size_t bytes);

/* A block of `count` times `bytes` bytes, all 0. NULL as well if the product is
 * no size_t. */
__attribute__((malloc, alloc_size(1, 2))) void *kcalloc(size_t count,
							size_t bytes);

/**
 * krealloc - another size for a block
 * @block:	NULL: as kmalloc()
 * @bytes:	0 is a size as well
 *
 * The bytes that both sizes have stay. NULL: no memory is left, and the block
 * is as it was.
 */
__attribute__((alloc_size(2))) void *krealloc(void *block, size_t bytes);

/* Release a block; NULL is none. */
void kfree(void *block);

/* What is known of an address. */
struct kmalloc_block {
	uint64_t start,
		bytes; /* of the block in which, or beside which it is */
	bool in_use;
	uint64_t allocated_at, released_at; /* code addresses, 0: never */
};

/* False: no block was ever there. Takes no lock: for the panic page, too. */
bool kmalloc_find(vaddr_t address, struct kmalloc_block *found);

/* "4 bytes behind 100 bytes at 0x..., allocated by f() at file:line", for the
 * middle of a sentence; false: no block was ever near. Takes no lock. */
bool kmalloc_describe(vaddr_t address, char *text, size_t size);

/* For a sanitized kernel: the first byte of these that belongs to the heap, but
 * to no block in use; 0: there is none. Takes no lock. */
uint64_t kmalloc_find_bad(vaddr_t address, size_t bytes);

/* Let everybody take the blocks that were released again: this processor keeps
 * a few for itself; a sanitized kernel keeps some back, so that who still uses
 * them is noticed. */
void kmalloc_flush(void);

/* The classes of small blocks and their pages. Takes no lock. */
const struct heap *kmalloc_heap(void);

/* How many blocks of a class are in use. Takes no lock: what it says may be
 * old. */
uint64_t kmalloc_in_use(unsigned int size_class);

/* Call visit() for each block in use that was not there at the last call.
 * Context: a command; kmalloc() may not be called by it. */
void kmalloc_each_new(void (*visit)(uint64_t bytes, uint64_t allocated_at));

#endif
