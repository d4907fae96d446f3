/*
 * frame_pool.h - page frames, handed out and taken back.
 *
 * Frames come from the usable ranges of a clean memory map (memmap.h), from
 * low addresses to high ones; those given back are handed out again first.
 * Every frame has a byte of state: whether it is out, whether it is mapped at
 * a second address, and whose it is or was. So each misuse is noticed at the
 * call that does it.
 *
 * The states are kept in the memory they describe: each range is divided into
 * blocks of 16 MiB, and the first frame of a block holds the states of its
 * 4096 frames. A block costs nothing before its first frame is needed. Memory
 * that a map lists but no machine has is noticed then, too.
 *
 * All frames must be readable and writable at their own addresses. No locks:
 * the caller has one, if need be, but for questions, and see frame_cache.h.
 */
#ifndef LIB_FRAME_POOL_H
#define LIB_FRAME_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "boot/bootinfo.h"
#include "boot/layout.h"

/* Whose a frame is: what frame_owner_name() says. */
enum frame_owner {
	FRAME_NOBODY, /* never handed out */
	FRAME_STATES, /* holds the states of a block */
	FRAME_TABLE, /* a page table */
	FRAME_HEAP, /* small blocks of the heap */
	FRAME_RANGE, /* behind an address range: a stack, a large block */
	FRAME_SHADOW, /* of ranges, in a sanitized kernel */
	FRAME_PROGRAM,
	FRAME_TEST,
	FRAME_OWNERS
};

/* What went wrong: what frame_error_text() says. */
enum frame_error {
	FRAME_OK,
	FRAME_OVERWRITTEN, /* somebody wrote into this free frame */
	FRAME_UNALIGNED, /* no frame begins at this address */
	FRAME_FOREIGN, /* it lies in no usable range of the map */
	FRAME_NOT_OUT, /* it was never handed out, or is back already */
	FRAME_RESERVED, /* it holds states */
	FRAME_OTHER_OWNER, /* it is out, but to somebody else */
	FRAME_STILL_MAPPED, /* it is mapped at a second address */
	FRAME_NOT_MAPPED, /* it is not */
	FRAME_ERRORS
};

/* A state is an owner and these bits. A free frame keeps its last owner. */
#define FRAME_OUT 0x80
#define FRAME_MAPPED 0x40
#define FRAME_OWNER 0x3F

/* A clean map has no more usable ranges: each other one is of another type. */
#define FRAME_RANGES_MAX (MEM_CLEAN_MAX / 2 + 1)

struct frame_range {
	paddr_t base, end;
};

struct frame_pool {
	struct frame_range ranges[FRAME_RANGES_MAX];
	size_t count; /* of ranges */
	/* Fresh frames: from `next` on, in ranges[range], and all of those
	 * behind it. `base` is that range's. */
	size_t range;
	paddr_t base, next;
	paddr_t returned; /* the first of those given back, 0: none */
	uint64_t available; /* frames not out, as far as is known */
	uint64_t missing; /* frames that the map listed, and that are not RAM */
	uint64_t out[FRAME_OWNERS]; /* frames of each owner */
	paddr_t overwritten; /* a free frame that was written to, 0: none */
	/* Whether a frame keeps what is written into it; asked of the first of
	 * each block: if not, the range ends there. NULL: all do. */
	bool (*is_ram)(paddr_t frame);
};

/**
 * frame_pool_start - begin with all frames free
 * @map:	a clean map; it is not needed afterwards
 * @lowest:	no frame below this address is handed out
 * @end:	no frame from this address on
 * @is_ram:	see struct frame_pool
 */
void frame_pool_start(struct frame_pool *pool, const struct mem_range *map,
		      size_t count, paddr_t lowest, paddr_t end,
		      bool (*is_ram)(paddr_t frame));

/**
 * frame_pool_take - hand out a frame, with anything in it
 * @owner:	whose it is from now on
 *
 * Returns its address; 0: there is none left, or somebody has written to a free
 * one. Then `overwritten` says to which, and nothing has changed.
 */
paddr_t frame_pool_take(struct frame_pool *pool, enum frame_owner owner);

/* Take one back from its owner. If this is not FRAME_OK, nothing has
 * changed. */
enum frame_error frame_pool_give(struct frame_pool *pool,
				 enum frame_owner owner, paddr_t frame);

/* Note that a frame of this owner is mapped at a second address, or no longer
 * is. At most one such address is noted. */
enum frame_error frame_pool_set_mapped(struct frame_pool *pool,
				       enum frame_owner owner, paddr_t frame,
				       bool mapped);

/* The state of the frame in which an address lies. Returns FRAME_OK or
 * FRAME_FOREIGN. */
enum frame_error frame_pool_state(const struct frame_pool *pool,
				  paddr_t address, uint8_t *state);

/* Whether the frame in which an address lies is, or was last, this owner's. */
bool frame_pool_is(const struct frame_pool *pool, enum frame_owner owner,
		   paddr_t address);

/* ---- Where states are ---------------------------------------------------- */

/* As many frames as one frame has bytes. */
#define FRAME_BLOCK_BYTES ((uint64_t)PAGE_SIZE * PAGE_SIZE)

/* Where the state of an address's frame stands, in a range that begins at
 * base. */
static inline uint8_t *frame_state_in(paddr_t base, paddr_t address)
{
	uint64_t offset = address - base;
	uint8_t *states =
		paddr_pointer(base + (offset & ~(FRAME_BLOCK_BYTES - 1)));

	return states + offset % FRAME_BLOCK_BYTES / PAGE_SIZE;
}

/* The state of a frame in the range that fresh ones come from, where most are;
 * NULL: it lies elsewhere, or was never out. */
static inline uint8_t *frame_pool_recent(const struct frame_pool *pool,
					 paddr_t address)
{
	/* In this order: who goes to another range stores them in the other. */
	const paddr_t next = __atomic_load_n(&pool->next, __ATOMIC_ACQUIRE);
	const paddr_t base = __atomic_load_n(&pool->base, __ATOMIC_RELAXED);

	if (address < base || address >= next)
		return NULL;
	return frame_state_in(base, address);
}

/* From out to free. False: it is not out to this owner, or is mapped. Of two
 * processors that do it at once, one comes too late. */
static inline bool frame_state_free(uint8_t *state, enum frame_owner owner)
{
	uint8_t expected = (uint8_t)(FRAME_OUT | owner);

	return __atomic_compare_exchange_n(state, &expected, (uint8_t)owner,
					   false, __ATOMIC_RELAXED,
					   __ATOMIC_RELAXED);
}

/* ---- Words --------------------------------------------------------------- */

/* "heap", "page table", ... */
const char *frame_owner_name(unsigned int owner);

/* "is not out: given back twice, or never taken", ... */
const char *frame_error_text(enum frame_error error);

#endif
