#include "frame_pool.h"

#include "boot/layout.h"
#include "frame_cache.h"
#include "string.h"

/* What a free frame that was out before holds. */
struct free_frame {
	paddr_t next; /* 0: none */
	uint64_t mark; /* mark_of() */
};

static uint64_t mark_of(const struct free_frame *frame)
{
	return (uint64_t)frame ^ frame->next ^ 0xF4EEF4A3E0F4EEF4;
}

/* ---- States -------------------------------------------------------------- */

/* NULL: no range has that address. */
static const struct frame_range *range_of(const struct frame_pool *pool,
					  paddr_t address)
{
	for (size_t i = 0; i < pool->count; i++) {
		const struct frame_range *range = &pool->ranges[i];

		if (address - range->base < range->end - range->base)
			return range;
	}
	return NULL;
}

/* A block that was not begun yet has no states. */
static bool is_fresh(const struct frame_pool *pool,
		     const struct frame_range *range, paddr_t address)
{
	const struct frame_range *next = &pool->ranges[pool->range];

	return range > next || (range == next && address >= pool->next);
}

/* The state of the frame in which an address lies; NULL: it was never out. */
static uint8_t *state_of(const struct frame_pool *pool, paddr_t address)
{
	uint8_t *state = frame_pool_recent(pool, address);
	const struct frame_range *range;

	if (state)
		return state;
	range = range_of(pool, address);
	if (!range || is_fresh(pool, range, address))
		return NULL;
	return frame_state_in(range->base, address);
}

/* The same; NULL as well if no frame begins there. */
static uint8_t *find(const struct frame_pool *pool, paddr_t frame)
{
	return frame % PAGE_SIZE ? NULL : state_of(pool, frame);
}

enum frame_error frame_pool_state(const struct frame_pool *pool,
				  paddr_t address, uint8_t *state)
{
	const struct frame_range *range = range_of(pool, address);

	if (!range)
		return FRAME_FOREIGN;
	*state = is_fresh(pool, range, address) ?
			 FRAME_NOBODY :
			 *frame_state_in(range->base, address);
	return FRAME_OK;
}

bool frame_pool_is(const struct frame_pool *pool, enum frame_owner owner,
		   paddr_t address)
{
	const uint8_t *state = state_of(pool, address);

	return state && (*state & FRAME_OWNER) == owner;
}

/* Why a frame can't be given back by this owner. */
__attribute__((noinline, cold)) static enum frame_error
why_not(const struct frame_pool *pool, enum frame_owner owner, paddr_t frame)
{
	uint8_t state;

	if (frame_pool_state(pool, frame, &state) != FRAME_OK)
		return FRAME_FOREIGN;
	if (frame % PAGE_SIZE)
		return FRAME_UNALIGNED;
	if (state == FRAME_STATES)
		return FRAME_RESERVED;
	if (state == (FRAME_OUT | FRAME_MAPPED | owner))
		return FRAME_STILL_MAPPED;
	return state & FRAME_OUT ? FRAME_OTHER_OWNER : FRAME_NOT_OUT;
}

/* ---- Starting ------------------------------------------------------------ */

static paddr_t frames_of(uint64_t bytes)
{
	uint64_t blocks = (bytes + FRAME_BLOCK_BYTES - 1) / FRAME_BLOCK_BYTES;

	return bytes / PAGE_SIZE - blocks;
}

static void add_range(struct frame_pool *pool, uint64_t base, paddr_t end)
{
	/* The states alone would fill it. */
	if (end - base < 2 * PAGE_SIZE)
		return;
	pool->ranges[pool->count++] = (struct frame_range){ base, end };
	pool->available += frames_of(end - base);
}

/* Fresh frames come from there from now on. Whoever asks for a state meanwhile
 * finds no address between base and next. */
static void go_to_range(struct frame_pool *pool, size_t range)
{
	pool->range = range;
	__atomic_store_n(&pool->base, pool->ranges[range].base,
			 __ATOMIC_RELEASE);
	__atomic_store_n(&pool->next, pool->ranges[range].base,
			 __ATOMIC_RELEASE);
}

void frame_pool_start(struct frame_pool *pool, const struct mem_range *map,
		      size_t count, paddr_t lowest, paddr_t end,
		      bool (*is_ram)(paddr_t frame))
{
	memset(pool, 0, sizeof(*pool));
	pool->is_ram = is_ram;
	for (size_t i = 0; i < count && pool->count < FRAME_RANGES_MAX; i++) {
		uint64_t from = map[i].base, to = from + map[i].length;

		from = from < lowest ? lowest : from;
		to = to > end ? end : to;
		if (map[i].type == MEM_USABLE && from < to)
			add_range(pool, from, to);
	}
	if (pool->count)
		go_to_range(pool, 0);
}

/* ---- Handing out --------------------------------------------------------- */

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

/* The lowest frame that was never out; 0: there is none left. */
__attribute__((noinline)) static paddr_t take_fresh(struct frame_pool *pool)
{
	while (pool->count) {
		struct frame_range *range = &pool->ranges[pool->range];
		bool starts_block =
			(pool->next - range->base) % FRAME_BLOCK_BYTES == 0;

		if (pool->next >= range->end) {
			if (pool->range + 1 >= pool->count)
				return 0;
			go_to_range(pool, pool->range + 1);
		} else if (!starts_block) {
			pool->next += PAGE_SIZE;
			return pool->next - PAGE_SIZE;
		} else if (pool->is_ram && !pool->is_ram(pool->next)) {
			cut_range(pool, range);
		} else {
			begin_block(pool);
		}
	}
	return 0;
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

/* A frame whose state says already that it is free. */
static void add_returned(struct frame_pool *pool, paddr_t frame)
{
	struct free_frame *free = (struct free_frame *)frame;

	free->next = pool->returned;
	free->mark = mark_of(free);
	pool->returned = frame;
	pool->available++;
}

enum frame_error frame_pool_give(struct frame_pool *pool,
				 enum frame_owner owner, paddr_t frame)
{
	uint8_t *state = find(pool, frame);

	if (!state || !frame_state_free(state, owner))
		return why_not(pool, owner, frame);
	pool->out[owner]--;
	add_returned(pool, frame);
	return FRAME_OK;
}

void frame_cache_flush(struct frame_pool *pool, struct frame_cache *cache)
{
	while (cache->count)
		add_returned(pool, cache->kept[--cache->count].frame);
}

enum frame_error frame_pool_set_mapped(struct frame_pool *pool,
				       enum frame_owner owner, paddr_t frame,
				       bool mapped)
{
	uint8_t *state = find(pool, frame);

	if (!state || (*state & ~FRAME_MAPPED) != (FRAME_OUT | owner))
		return why_not(pool, owner, frame);
	if (mapped == !!(*state & FRAME_MAPPED))
		return mapped ? FRAME_STILL_MAPPED : FRAME_NOT_MAPPED;
	*state ^= FRAME_MAPPED;
	return FRAME_OK;
}

/* ---- Words --------------------------------------------------------------- */

const char *frame_owner_name(unsigned int owner)
{
	static const char *const names[FRAME_OWNERS] = {
		[FRAME_NOBODY] = "nobody",     [FRAME_STATES] = "frame states",
		[FRAME_TABLE] = "page tables", [FRAME_HEAP] = "heap",
		[FRAME_RANGE] = "ranges",      [FRAME_PROGRAM] = "programs",
		[FRAME_TEST] = "tests",	       [FRAME_SHADOW] = "shadow",
	};

	return owner < FRAME_OWNERS ? names[owner] : "unknown";
}

const char *frame_error_text(enum frame_error error)
{
	static const char *const texts[FRAME_ERRORS] = {
		[FRAME_OK] = "is fine",
		[FRAME_OVERWRITTEN] = "is free, and was written to",
		[FRAME_UNALIGNED] = "is not the first address of a frame",
		[FRAME_FOREIGN] = "is not usable memory",
		[FRAME_NOT_OUT] =
			"is not out: given back twice, or never taken",
		[FRAME_RESERVED] = "holds the states of other frames",
		[FRAME_OTHER_OWNER] = "belongs to somebody else",
		[FRAME_STILL_MAPPED] = "is mapped at another address",
		[FRAME_NOT_MAPPED] = "is not mapped at another address",
	};

	return error < FRAME_ERRORS ? texts[error] : "has an unknown error";
}
