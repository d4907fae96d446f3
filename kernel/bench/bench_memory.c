/*
 * bench_memory.c - what taking and giving memory costs.
 *
 * Where the instructions go, as gcc 12 compiles them:
 *
 *	frame	kmalloc
 *	   10	   12	interrupts off, and as they were
 *	    7	    7	which processor this is, and its struct cpu
 *	   17	   21	whose the frame is: its state
 *	    -	   25	the record of the block, by a division: when it is
 *			taken, and when it is released
 *	    8	    7	nobody has written beyond an end, or to what is free
 *	   13	   11	from free to out and back, and who did it: what is
 *			given back twice is noticed
 *	   22	   27	whether the processor keeps any, and has room for more
 *	   22	   30	calls, registers saved, NULL and sizes, this loop
 */
#include "boot/layout.h"
#include "kernel/bench/bench.h"
#include "kernel/console/kprintf.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "x86/tsc.h"

#define CALLS 1000
#define BYTES 64

static uint64_t time_frames(void)
{
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++)
		frame_give(FRAME_TEST, frame_take(FRAME_TEST));
	return (tsc_read() - start) / CALLS;
}

/* A page behind a range: its page table is there. */
static uint64_t time_maps(void)
{
	char *range = range_take(PAGE_SIZE, (uint64_t)time_maps);
	uint64_t page = (uint64_t)range + PAGE_SIZE;
	uint64_t frame = frame_take(FRAME_TEST), start = tsc_read();

	for (int i = 0; i < CALLS; i++) {
		pages_map(page, frame, PAGES_WRITE);
		pages_unmap(page);
	}
	start = tsc_read() - start;
	frame_give(FRAME_TEST, frame);
	range_give(range, (uint64_t)time_maps);
	return start / CALLS;
}

static uint64_t time_blocks(void)
{
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++)
		kfree(kmalloc(BYTES));
	return (tsc_read() - start) / CALLS;
}

void bench_memory(void)
{
	void *first = kmalloc(BYTES); /* so that the heap has a page */

	kprintf("bench: frame %lu\n", time_frames());
	kprintf("bench: map %lu\n", time_maps());
	kprintf("bench: kmalloc %lu\n", time_blocks());
	kfree(first);
}
