/*
 * frame_cache.h - frames that a processor keeps for itself.
 *
 * What it has given back last it takes again without a lock, as long as nobody
 * else uses its cache: interrupts are off. The frames are free, and known as
 * such by their states, but others do not get them: they are not counted as
 * the pool's `available` ones.
 *
 * Inline, since nearly every frame goes through here. What is seldom is in
 * frame_pool.c.
 */
#ifndef LIB_FRAME_CACHE_H
#define LIB_FRAME_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame_pool.h"

#define FRAME_KEPT_MAX 16 /* for `most` */

struct frame_cache {
	uint64_t count, most; /* most: at first 0, that is, none is kept */
	struct frame_kept {
		paddr_t frame;
		uint8_t *state;
	} kept[FRAME_KEPT_MAX];
	/* To be added to the pool's: frames that were taken here, less those
	 * that were given. */
	uint64_t out[FRAME_OWNERS];
};

/* What stands in the first 8 bytes of a frame that is kept. */
static inline uint64_t frame_cache_mark(paddr_t frame)
{
	return frame ^ 0xF4EEF4A3E0F4EEF4;
}

/* As frame_pool_take(), but 0: the cache has none, or the one that it would
 * hand out was written to, and `overwritten` of the pool says so. */
static inline paddr_t frame_cache_take(struct frame_pool *pool,
				       struct frame_cache *cache,
				       enum frame_owner owner)
{
	const struct frame_kept *kept;

	if (!cache->count)
		return 0;
	kept = &cache->kept[cache->count - 1];
	if (*(uint64_t *)paddr_pointer(kept->frame) !=
	    frame_cache_mark(kept->frame)) {
		pool->overwritten = kept->frame;
		return 0;
	}
	cache->count--;
	*kept->state = (uint8_t)(FRAME_OUT | owner);
	cache->out[owner]++;
	return kept->frame;
}

/* Give back a frame of an owner; false: nothing has changed, as the cache is
 * full, or it is a mistake: frame_pool_give() tells. Only frames of the range
 * that fresh ones come from are kept. */
static inline bool frame_cache_give(const struct frame_pool *pool,
				    struct frame_cache *cache,
				    enum frame_owner owner, paddr_t frame)
{
	uint8_t *state = frame_pool_recent(pool, frame);

	if (frame % PAGE_SIZE || !state || cache->count >= cache->most ||
	    !frame_state_free(state, owner))
		return false;
	*(uint64_t *)paddr_pointer(frame) = frame_cache_mark(frame);
	cache->kept[cache->count++] = (struct frame_kept){ frame, state };
	cache->out[owner]--;
	return true;
}

/* Give all of them back to the pool (frame_pool.c). Needs the pool's lock. */
void frame_cache_flush(struct frame_pool *pool, struct frame_cache *cache);

#endif
