#include "frame_pool.h"

#include "boot/layout.h"

/* What a frame holds that was given back. */
struct free_frame {
	paddr_t next; /* 0: none */
	uint64_t mark; /* free_mark() */
};

static uint64_t free_mark(paddr_t frame)
{
	return frame ^ 0xF4EEF4A3E0F4EEF4;
}

static paddr_t end_of(const struct mem_range *range)
{
	return range->base + range->length;
}

/* Where the frames of a range start; its end if it has none for us. */
static paddr_t start_of(const struct mem_range *range, paddr_t lowest)
{
	if (range->type != MEM_USABLE || end_of(range) <= lowest)
		return end_of(range);
	return range->base < lowest ? lowest : range->base;
}

void frame_pool_start(struct frame_pool *pool, const struct mem_range *map,
		      size_t count, paddr_t lowest)
{
	*pool = (struct frame_pool){
		.map = map, .count = count, .lowest = lowest, .next = lowest
	};
	for (size_t i = 0; i < count; i++)
		pool->available +=
			(end_of(&map[i]) - start_of(&map[i], lowest)) /
			PAGE_SIZE;
}

/* Moves to the next range with a fresh frame; false: there is none. */
static bool find_fresh(struct frame_pool *pool)
{
	for (; pool->range < pool->count; pool->range++) {
		const struct mem_range *range = &pool->map[pool->range];
		paddr_t start = start_of(range, pool->next);

		if (start < end_of(range)) {
			pool->next = start;
			return true;
		}
	}
	return false;
}

paddr_t frame_pool_take(struct frame_pool *pool)
{
	paddr_t frame = pool->returned;

	if (frame) {
		struct free_frame *free = (struct free_frame *)frame;

		pool->returned = free->next;
		free->mark = 0;
	} else if (find_fresh(pool)) {
		frame = pool->next;
		pool->next += PAGE_SIZE;
	} else {
		return 0;
	}
	pool->taken++;
	pool->available--;
	return frame;
}

static bool was_taken(const struct frame_pool *pool, paddr_t frame)
{
	if (frame % PAGE_SIZE || frame < pool->lowest || frame >= pool->next)
		return false;
	for (size_t i = 0; i < pool->count; i++)
		if (pool->map[i].type == MEM_USABLE &&
		    frame >= pool->map[i].base && frame < end_of(&pool->map[i]))
			return true;
	return false;
}

/* Only what has the mark is looked for: it may be there by chance. */
static bool is_free(const struct frame_pool *pool, paddr_t frame)
{
	paddr_t other = pool->returned;

	if (((const struct free_frame *)frame)->mark != free_mark(frame))
		return false;
	while (other && other != frame)
		other = ((const struct free_frame *)other)->next;
	return other;
}

bool frame_pool_give(struct frame_pool *pool, paddr_t frame)
{
	if (!was_taken(pool, frame) || is_free(pool, frame))
		return false;
	*(struct free_frame *)frame =
		(struct free_frame){ pool->returned, free_mark(frame) };
	pool->returned = frame;
	pool->taken--;
	pool->available++;
	return true;
}
