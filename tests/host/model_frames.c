/*
 * model_frames.c - random operations on frames: a pool, and the caches of two
 * processors, as kernel/memory/frames.c uses them.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "boot/layout.h"
#include "frame_cache.h"
#include "guarded.h"
#include "memory_model.h"
#include "random.h"

#define FRAMES 9000 /* three blocks of states in one range, at most */
#define CPUS 2
#define TAG 100 /* a word of a frame that tells whose it is */

static uint8_t *memory;
static struct frame_pool pool;
static struct frame_cache caches[CPUS];

/* The model: what each frame's state must be, and lists of numbers. */
static uint8_t states[FRAMES];
static uint64_t tags[FRAMES]; /* what each frame that is out holds first */
static unsigned int taken[FRAMES], taken_count, where[FRAMES];
static uint64_t usable, out[FRAME_OWNERS];

static paddr_t frame(unsigned int number)
{
	return (paddr_t)memory + (paddr_t)number * PAGE_SIZE;
}

static uint64_t *tag(unsigned int number)
{
	return (uint64_t *)frame(number) + TAG;
}

static uint64_t kept(void)
{
	return caches[0].count + caches[1].count;
}

/* As in kernel/memory/frames.c. */
static paddr_t take(unsigned int cpu, enum frame_owner owner)
{
	paddr_t address = frame_cache_take(&pool, &caches[cpu], owner);

	return address ? address : frame_pool_take(&pool, owner);
}

static enum frame_error give(unsigned int cpu, enum frame_owner owner,
			     paddr_t address)
{
	if (frame_cache_give(&pool, &caches[cpu], owner, address))
		return FRAME_OK;
	return frame_pool_give(&pool, owner, address);
}

/* Three ranges with holes, of random sizes. */
static void start(struct random *rng)
{
	struct mem_range map[5];
	unsigned int first = 0;

	usable = 0;
	for (unsigned int i = 0; i < 5; i++) {
		unsigned int frames = i % 2  ? 1 + random_below(rng, 3) :
				      i == 2 ? 4097 + random_below(rng, 4000) :
					       2 + random_below(rng, 100);

		map[i] = (struct mem_range){ frame(first),
					     (uint64_t)frames * PAGE_SIZE,
					     i % 2 ? MEM_RESERVED : MEM_USABLE,
					     0 };
		if (i % 2 == 0)
			usable += frames - (frames + 4095) / 4096;
		first += frames;
	}
	memset(states, 0, sizeof(states));
	memset(out, 0, sizeof(out));
	for (int i = 0; i < CPUS; i++)
		caches[i] = (struct frame_cache){ .most = FRAME_KEPT_MAX };
	taken_count = 0;
	frame_pool_start(&pool, map, 5, 0, UINT64_MAX, NULL);
}

static int do_take(struct random *rng, uint64_t round)
{
	enum frame_owner owner = FRAME_TABLE + random_below(rng, 4);
	unsigned int cpu = random_below(rng, CPUS), number;
	paddr_t address = take(cpu, owner);

	MUST(!pool.overwritten);
	if (!address) {
		/* What is left is the other processor's. */
		MUST(taken_count + caches[!cpu].count == usable);
		MUST(!caches[cpu].count && !pool.available);
		return 1;
	}
	number = (unsigned int)((address - frame(0)) / PAGE_SIZE);
	MUST(address >= frame(0) && number < FRAMES);
	MUST(address % PAGE_SIZE == 0 && !(states[number] & FRAME_OUT));
	/* It was out before, and free since then. */
	MUST(!states[number] || *tag(number) == UINT64_MAX);
	states[number] = (uint8_t)(FRAME_OUT | owner);
	*tag(number) = tags[number] = round;
	where[number] = taken_count;
	taken[taken_count++] = number;
	out[owner]++;
	memset((void *)address, (int)round, 16);
	return 1;
}

static int do_give(struct random *rng, uint64_t round)
{
	unsigned int number = taken[random_below(rng, taken_count)];
	enum frame_owner owner = states[number] & FRAME_OWNER;
	enum frame_error error =
		give(random_below(rng, CPUS), owner, frame(number));

	if (states[number] & FRAME_MAPPED) {
		MUST(error == FRAME_STILL_MAPPED);
		return 1;
	}
	MUST(error == FRAME_OK);
	(void)round;
	MUST(*tag(number) == tags[number]);
	*tag(number) = UINT64_MAX; /* nobody writes to a free frame */
	states[number] = (uint8_t)owner;
	taken[where[number]] = taken[--taken_count];
	where[taken[taken_count]] = where[number];
	out[owner]--;
	return 1;
}

static int do_map(struct random *rng, uint64_t round)
{
	unsigned int number = taken[random_below(rng, taken_count)];
	bool mapped = states[number] & FRAME_MAPPED;
	bool wanted = random_below(rng, 4) == 0;
	enum frame_error error =
		frame_pool_set_mapped(&pool, states[number] & FRAME_OWNER,
				      frame(number), wanted);

	if (mapped == wanted) {
		MUST(error == (wanted ? FRAME_STILL_MAPPED : FRAME_NOT_MAPPED));
	} else {
		MUST(error == FRAME_OK);
		states[number] ^= FRAME_MAPPED;
	}
	return 1;
}

static int do_mistake(struct random *rng, uint64_t round)
{
	unsigned int number = random_below(rng, FRAMES);
	unsigned int cpu = random_below(rng, CPUS);
	enum frame_owner owner = states[number] & FRAME_OWNER;
	enum frame_owner wrong = owner == FRAME_TEST ? FRAME_HEAP : FRAME_TEST;
	enum frame_error error;
	uint8_t state;

	if (states[number] & FRAME_OUT) {
		MUST(give(cpu, wrong, frame(number)) == FRAME_OTHER_OWNER);
		MUST(give(cpu, owner, frame(number) + 8) == FRAME_UNALIGNED);
		MUST(frame_pool_state(&pool, frame(number) + 99, &state) ==
		     FRAME_OK);
		MUST(state == states[number]);
		return 1;
	}
	error = give(cpu, wrong, frame(number));
	MUST(error == FRAME_NOT_OUT || error == FRAME_FOREIGN ||
	     error == FRAME_RESERVED);
	MUST(give(cpu, wrong, frame(FRAMES)) == FRAME_FOREIGN);
	return 1;
}

static int counts_are_right(uint64_t round)
{
	for (unsigned int i = FRAME_TABLE; i < FRAME_OWNERS; i++)
		MUST(pool.out[i] + caches[0].out[i] + caches[1].out[i] ==
		     out[i]);
	MUST(pool.available + kept() + taken_count == usable);
	return 1;
}

static int do_one(struct random *rng, bool filling, uint64_t round)
{
	uint32_t kind = random_below(rng, 16);

	if (kind < 2)
		return do_mistake(rng, round);
	if (kind < 4)
		return taken_count ? do_map(rng, round) : 1;
	if (!taken_count || kind < (filling ? 11 : 9))
		return do_take(rng, round);
	return do_give(rng, round);
}

/* The last ones go back. */
static int drain(struct random *rng, uint64_t round)
{
	while (taken_count) {
		unsigned int number = taken[0];

		if (states[number] & FRAME_MAPPED) {
			states[number] ^= FRAME_MAPPED;
			MUST(frame_pool_set_mapped(&pool,
						   states[number] & FRAME_OWNER,
						   frame(number),
						   false) == FRAME_OK);
		}
		MUST(do_give(rng, round));
	}
	MUST(pool.available + kept() == usable);
	return 1;
}

/* Waves: first more is taken than given, until nothing is left, then less. */
int model_frames(uint64_t seed, uint64_t count)
{
	struct random rng = { seed };

	if (!memory)
		memory = guarded_area((size_t)FRAMES * PAGE_SIZE);
	start(&rng);
	for (uint64_t round = 1; round <= count; round++) {
		if (!do_one(&rng, round / 30000 % 2 == 0, round) ||
		    (round % 64 == 0 && !counts_are_right(round)))
			return 0;
		if (round % 1000000 == 0) {
			if (!drain(&rng, round))
				return 0;
			start(&rng);
		}
	}
	return drain(&rng, count + 1);
}
