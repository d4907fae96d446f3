/* All in one function, with goto. */
paddr_t frame_pool_take(struct frame_pool *pool, enum frame_owner owner)
{
	paddr_t frame = pool->returned;
	const struct free_frame *free = (const struct free_frame *)frame;
	struct frame_range *range;
	paddr_t left;

	if (frame && free->mark != mark_of(free)) {
		pool->overwritten = frame;
		return 0;
	}
	if (frame) {
		pool->returned = free->next;
		goto found;
	}
again:
	range = &pool->ranges[pool->range];
	if (!pool->count ||
	    (pool->next >= range->end && pool->range == pool->count - 1))
		return 0;
	if (pool->next >= range->end) {
		go_to_range(pool, pool->range + 1);
		goto again;
	}
	frame = pool->next;
	if ((frame - range->base) % FRAME_BLOCK_BYTES == 0) {
		if (pool->is_ram && !pool->is_ram(frame)) {
			left = frames_of(range->end - frame);
			pool->available -= left;
			pool->missing += left;
			range->end = frame;
			goto again;
		}
		memset((void *)frame, 0, PAGE_SIZE);
		*(uint8_t *)frame = FRAME_STATES;
		pool->out[FRAME_STATES]++;
		pool->next += PAGE_SIZE;
		goto again;
	}
	pool->next += PAGE_SIZE;
found:
	*state_of(pool, frame) = (uint8_t)(FRAME_OUT + owner);
	++pool->out[owner];
	--pool->available;
	return frame;
}
