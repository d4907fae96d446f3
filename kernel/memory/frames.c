#include "kernel/memory/frames.h"

#include "boot/layout.h"
#include "frame_pool.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/sync/spinlock.h"
#include "memmap.h"
#include "string.h"
#include "x86/cpuid.h"

/* A frame is mapped at its own address, and half of the canonical addresses
 * are negative. */
#define IDENTITY_BITS 47

static struct frame_pool pool;
static struct spinlock frames_lock = SPINLOCK("frames");
SPINLOCK_LISTED(frames_lock);

static struct frames_map raw_map;
static struct mem_range map[MEM_CLEAN_MAX];
static paddr_t physical_end;
static uint64_t out_of_reach; /* bytes */

void frames_start(struct frames_map raw, struct frames_map clean)
{
	unsigned int bits = cpuid_physical_bits();
	size_t count;

	physical_end = 1ULL << (bits < IDENTITY_BITS ? bits : IDENTITY_BITS);
	raw_map = raw;
	count = memmap_clip(clean.ranges, clean.count, physical_end, map,
			    MEM_CLEAN_MAX);
	out_of_reach = memmap_total(clean.ranges, clean.count, MEM_USABLE) -
		       memmap_total(map, count, MEM_USABLE);
	/* The first MiB is the BIOS's playground, also when it says that it
	 * is not (HW-15). */
	frame_pool_start(&pool, map, count, LOAD_ADDR);
	panic_tell_map(pool.map, pool.count);
}

paddr_t frames_physical_end(void)
{
	return physical_end;
}

uint64_t frames_out_of_reach(void)
{
	return out_of_reach;
}

paddr_t frame_take(void)
{
	paddr_t frame;

	{
		SPINLOCK_HOLD(&frames_lock);
		frame = frame_pool_take(&pool);
	}
	if (frame)
		memset(paddr_pointer(frame), 0, PAGE_SIZE);
	return frame;
}

void frame_give(paddr_t frame)
{
	SPINLOCK_HOLD(&frames_lock);

	if (!frame_pool_give(&pool, frame))
		panic("%#lx was given back, but is no frame that is out",
		      frame);
}

struct frames_map frames_raw_map(void)
{
	return raw_map;
}

const struct mem_range *frames_map(size_t *count)
{
	*count = pool.count;
	return pool.map;
}

uint64_t frames_available(void)
{
	return pool.available;
}
