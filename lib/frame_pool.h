/*
 * frame_pool.h - page frames, handed out and taken back.
 *
 * Frames come from the usable ranges of a clean memory map (memmap.h), from
 * low addresses to high ones; those given back are handed out again first.
 * A frame given back holds the link to the next one, and a mark by which it is
 * known when it comes a second time: there are no tables, and a frame must be
 * readable and writable at its own address when it is given back. No locks:
 * the caller has one, if need be.
 */
#ifndef LIB_FRAME_POOL_H
#define LIB_FRAME_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "boot/bootinfo.h"

struct frame_pool {
	const struct mem_range *map;
	size_t count;
	paddr_t lowest;    /* no frame below is ours */
	size_t range;	    /* of the map, in which the next fresh frame is */
	paddr_t next;	    /* fresh frames: from here on */
	paddr_t returned;  /* the first of those given back, 0: none */
	uint64_t taken;	    /* frames out */
	uint64_t available; /* frames not out */
};

/**
 * frame_pool_start - begin with all frames free
 * @map:	a clean map, which must stay where it is
 * @lowest:	no frame below this address is handed out
 */
void frame_pool_start(struct frame_pool *pool, const struct mem_range *map,
		      size_t count, paddr_t lowest);

/* Address of a frame with anything in it; 0: there is none left. */
paddr_t frame_pool_take(struct frame_pool *pool);

/* Returns false, and does nothing, if this is not the address of a frame that
 * the pool has handed out and not got back. (A second time is not noticed if
 * somebody has written into the frame in between.) */
bool frame_pool_give(struct frame_pool *pool, paddr_t frame);

#endif
