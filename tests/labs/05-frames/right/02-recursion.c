/* The next place to look at is a call of its own. */
/* Nothing answers from here to the end of the range. */
static void cut_range(struct frame_pool *pool, struct frame_range *range)
{
	paddr_t frames = frames_of(range->end - pool->next);

	pool->available -= frames;
	pool->missing += frames;
	range->end = pool->next;
}

static void begin_block(struct frame_pool *pool)
{
	uint8_t *states = (uint8_t *)pool->next;

	memset(states, FRAME_NOBODY, PAGE_SIZE);
	states[0] = FRAME_STATES;
	pool->out[FRAME_STATES]++;
	pool->next += PAGE_SIZE;
}

static paddr_t take_fresh(struct frame_pool *pool)
{
	struct frame_range *range = &pool->ranges[pool->range];

	if (!pool->count)
		return 0;
	if (pool->next >= range->end) {
		if (pool->range + 1 >= pool->count)
			return 0;
		go_to_range(pool, pool->range + 1);
		return take_fresh(pool);
	}
	if ((pool->next - range->base) % FRAME_BLOCK_BYTES) {
		pool->next += PAGE_SIZE;
		return pool->next - PAGE_SIZE;
	}
	if (pool->is_ram && !pool->is_ram(pool->next))
		cut_range(pool, range);
	else
		begin_block(pool);
	return take_fresh(pool);
}

/* The one that was given back last, or a fresh one; 0: none. */
static paddr_t take_any(struct frame_pool *pool)
{
	paddr_t frame = pool->returned;
	const struct free_frame *free = (const struct free_frame *)frame;

	if (!frame)
		return take_fresh(pool);
	if (free->mark != mark_of(free)) {
		pool->overwritten = frame;
		return 0;
	}
	pool->returned = free->next;
	return frame;
}

paddr_t frame_pool_take(struct frame_pool *pool, enum frame_owner owner)
{
	paddr_t frame = take_any(pool);

	if (!frame)
		return 0;
	*state_of(pool, frame) = (uint8_t)(FRAME_OUT | owner);
	pool->out[owner]++;
	pool->available--;
	return frame;
}
