/*
 * model_ranges.c - random operations on address ranges. Only the records have
 * memory; which pages would have some is a set of their addresses.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "memory_model.h"
#include "random.h"
#include "ranges.h"

#define LIVE 200
#define PAGES_MAX 40 /* of a range; seldom more */
#define SET_SIZE 65536 /* a power of two, far more than pages in use */

static struct ranges ranges;
static uint64_t base;

/* The pages with memory; 0: free, 1: one was here. */
static uint64_t set[SET_SIZE];
static uint64_t set_count;
static uint64_t allowed; /* that map() still gives */
static bool wrong;

static struct {
	uint64_t start, bytes; /* 0: none */
	uint32_t place;
} live[LIVE];
static uint64_t live_count, live_pages;

/* Where a page is in the set, or would be. */
static uint64_t *find(uint64_t page)
{
	uint64_t i = page / PAGE_SIZE * 0x9E3779B97F4A7C15 >> 48;
	uint64_t *gap = NULL;

	for (; set[i]; i = (i + 1) % SET_SIZE) {
		if (set[i] == page)
			return &set[i];
		if (set[i] == 1 && !gap)
			gap = &set[i];
	}
	return gap ? gap : &set[i];
}

static bool is_mapped(uint64_t page)
{
	return *find(page) == page;
}

static bool map(uint64_t page)
{
	if (!allowed)
		return false;
	allowed--;
	wrong |= page % PAGE_SIZE || page - base >= RANGES_SPAN ||
		 is_mapped(page);
	*find(page) = page;
	set_count++;
	return true;
}

static void unmap(uint64_t page)
{
	wrong |= !is_mapped(page);
	*find(page) = 1;
	set_count--;
}

static int start(void)
{
	static const struct range_pages memory = { map, unmap };
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;

	if (!base) {
		char *area = mmap(NULL, RANGES_SPAN + RANGES_AREA, PROT_NONE,
				  flags, -1, 0);

		if (area == MAP_FAILED)
			return 0;
		base = ((uint64_t)area + RANGES_AREA - 1) & ~(RANGES_AREA - 1);
	}
	/* The first area, fresh. */
	if (mmap((void *)base, RANGES_AREA, PROT_READ | PROT_WRITE,
		 flags | MAP_FIXED, -1, 0) == MAP_FAILED)
		return 0;
	memset(set, 0, sizeof(set));
	memset(live, 0, sizeof(live));
	set_count = live_count = live_pages = 0;
	ranges_start(&ranges, &memory, base);
	return 1;
}

static int do_take(struct random *rng, unsigned int i, uint64_t round)
{
	uint64_t pages = 1 + random_below(rng, PAGES_MAX) %
				     (1 + random_below(rng, PAGES_MAX));
	uint64_t bytes = pages * PAGE_SIZE - random_below(rng, PAGE_SIZE);
	uint64_t before = set_count, at;
	bool fails = random_below(rng, 16) == 0;

	allowed = fails ? random_below(rng, (uint32_t)pages) : UINT64_MAX;
	at = ranges_take(&ranges, bytes, (uint32_t)round | 1);
	MUST(!wrong);
	if (fails) {
		/* All of it went back, but for a page of records. */
		MUST(!at && set_count - before <= 1);
		return 1;
	}
	MUST(at && at % PAGE_SIZE == 0);
	MUST(!is_mapped(at - PAGE_SIZE) && !is_mapped(at + pages * PAGE_SIZE));
	for (uint64_t page = 0; page < pages; page++)
		MUST(is_mapped(at + page * PAGE_SIZE));
	MUST(set_count - before - pages <= 1);
	live[i].start = at;
	live[i].bytes = bytes;
	live[i].place = (uint32_t)round | 1;
	live_count++;
	live_pages += pages;
	return 1;
}

static int is_known(unsigned int i, uint64_t round)
{
	struct range found;
	uint64_t address =
		live[i].start - PAGE_SIZE + round % (live[i].bytes + PAGE_SIZE);

	MUST(ranges_find(&ranges, address, &found));
	MUST(found.start == live[i].start && found.bytes == live[i].bytes);
	MUST(found.in_use && found.taken_at == live[i].place);
	return 1;
}

static int do_give(unsigned int i, uint64_t round)
{
	uint64_t pages = range_pages_of(live[i].bytes), before = set_count;

	if (!is_known(i, round))
		return 0;
	MUST(ranges_give(&ranges, live[i].start, 2) == RANGE_OK && !wrong);
	MUST(set_count == before - pages);
	MUST(ranges_give(&ranges, live[i].start, 3) == RANGE_GIVEN);
	live[i].start = 0;
	live_count--;
	live_pages -= pages;
	return 1;
}

static int do_mistake(struct random *rng, unsigned int i, uint64_t round)
{
	uint64_t offset = 1 + random_next(rng) % live[i].bytes;

	MUST(ranges_give(&ranges, random_next(rng) >> 20, 3) == RANGE_FOREIGN);
	if (offset <= PAGE_SIZE)
		MUST(ranges_give(&ranges, live[i].start - offset, 3) ==
		     RANGE_INSIDE);
	if (offset < live[i].bytes)
		MUST(ranges_give(&ranges, live[i].start + offset, 3) ==
		     RANGE_INSIDE);
	return is_known(i, round);
}

static int do_one(struct random *rng, uint64_t round)
{
	unsigned int i = random_below(rng, LIVE);
	int good;

	if (!live[i].start)
		good = do_take(rng, i, round);
	else if (random_below(rng, 8) == 0)
		good = do_mistake(rng, i, round);
	else
		good = do_give(i, round);
	MUST(!good ||
	     (ranges.count == live_count && ranges.pages == live_pages));
	return good;
}

int model_ranges(uint64_t seed, uint64_t count)
{
	struct random rng = { seed };
	uint64_t round = 0;

	MUST(start());
	while (++round <= count)
		if (!do_one(&rng, round))
			return 0;
	for (unsigned int i = 0; i < LIVE; i++)
		if (live[i].start && !do_give(i, round))
			return 0;
	MUST(ranges.count == 0 && ranges.pages == 0);
	return 1;
}
