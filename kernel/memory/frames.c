#include "kernel/memory/frames.h"

#include "boot/layout.h"
#include "frame_pool.h"
#include "kernel/cpu/spinlock.h"
#include "kernel/panic/panic.h"
#include "string.h"

static struct frame_pool pool;
static struct spinlock lock = SPINLOCK("frames");

void frames_start(const struct boot_info *info)
{
	/* The first MiB is the BIOS's playground, also when it says that it
	 * is not (HW-15). */
	frame_pool_start(&pool, (const void *)info->clean_map,
			 info->clean_count, LOAD_ADDR);
}

uint64_t frame_take(void)
{
	uint64_t frame;

	{
		SPINLOCK_HOLD(&lock);
		frame = frame_pool_take(&pool);
	}
	if (frame)
		memset((void *)frame, 0, PAGE_SIZE);
	return frame;
}

void frame_give(uint64_t frame)
{
	SPINLOCK_HOLD(&lock);

	if (!frame_pool_give(&pool, frame))
		panic("%#lx was given back, but is no frame that is out",
		      frame);
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
