/*
 * model_heap.c - random operations on the heap, with the caches of two
 * processors, as kernel/memory/kmalloc.c uses them.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "boot/layout.h"
#include "heap_cache.h"
#include "memory_model.h"
#include "random.h"

#define PAGES 160
#define LIVE 3000
#define CPUS 2
#define UNITS (PAGE_SIZE / HEAP_ALIGNMENT) /* of a page */

static uint8_t pages[PAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static bool page_out[PAGES];
static unsigned int pages_left;
static bool foreign_given;

static struct heap heap;
static struct heap_cache caches[CPUS];

/* The model: blocks in use, and of which each unit of memory is part. */
static struct block {
	uint8_t *start; /* NULL: none */
	size_t bytes;
	uint32_t place;
} live[LIVE];
static uint16_t part_of[PAGES * UNITS]; /* number in live[] plus 1 */
static uint64_t in_use[HEAP_CLASSES];

static unsigned int page_of(const void *address)
{
	return (unsigned int)(((uint64_t)address - (uint64_t)pages) /
			      PAGE_SIZE);
}

static bool is_heap(const void *address)
{
	return (uint64_t)address >= (uint64_t)pages &&
	       page_of(address) < PAGES && page_out[page_of(address)];
}

static void *take_page(void)
{
	for (unsigned int i = 0; pages_left && i < PAGES; i++) {
		if (!page_out[i]) {
			page_out[i] = true;
			pages_left--;
			memset(pages[i], 0xCC, PAGE_SIZE);
			return pages[i];
		}
	}
	return NULL;
}

static void give_page(void *page)
{
	foreign_given |= !is_heap(page);
	page_out[page_of(page)] = false;
	pages_left++;
}

static void start(void)
{
	static const struct heap_pages from = { take_page, give_page, is_heap };

	memset(page_out, 0, sizeof(page_out));
	memset(live, 0, sizeof(live));
	memset(part_of, 0, sizeof(part_of));
	memset(in_use, 0, sizeof(in_use));
	for (int i = 0; i < CPUS; i++)
		caches[i] = (struct heap_cache){ .most = HEAP_KEPT_MAX };
	pages_left = PAGES;
	heap_start(&heap, &from);
}

static void *take(unsigned int cpu, size_t bytes, uint32_t place)
{
	void *block = heap_cache_take(&caches[cpu], bytes, place);

	if (!block)
		block = heap_take(&heap, bytes, place);
	if (!block) {
		heap_cache_flush(&heap, &caches[cpu]);
		block = heap_take(&heap, bytes, place);
	}
	return block;
}

static enum heap_error release(unsigned int cpu, void *block, uint32_t place)
{
	if (is_heap(block) && heap_cache_give(&caches[cpu], block, place))
		return HEAP_OK;
	return heap_release(&heap, block, place);
}

/* The units of a block, which must all be part of `before`. */
static int change_parts(const struct block *block, uint16_t before,
			uint16_t after, uint64_t round)
{
	uint64_t unit = (uint64_t)(block->start - pages[0]) / HEAP_ALIGNMENT;
	size_t room = heap_block_bytes(block->bytes);

	for (size_t i = 0; i < room / HEAP_ALIGNMENT; i++) {
		MUST(part_of[unit + i] == before);
		part_of[unit + i] = after;
	}
	return 1;
}

static uint16_t part(const struct block *block)
{
	return (uint16_t)(block - live + 1);
}

static int do_take(struct random *rng, struct block *block, uint64_t round)
{
	unsigned int cpu = random_below(rng, CPUS);

	block->bytes = random_below(rng, HEAP_SMALL_MAX + 1) >>
		       random_below(rng, 7);
	block->place = (uint32_t)(round | 1);
	block->start = take(cpu, block->bytes, block->place);
	if (!block->start) {
		MUST(!pages_left);
		return 1;
	}
	MUST(is_heap(block->start));
	MUST((uint64_t)block->start % HEAP_ALIGNMENT == 0);
	in_use[heap_class_of(block->bytes)]++;
	memset(block->start, (int)block->place, heap_block_bytes(block->bytes));
	return change_parts(block, 0, part(block), round);
}

static int is_filled(const struct block *block)
{
	for (size_t i = 0; i < block->bytes; i++)
		if (block->start[i] != (uint8_t)block->place)
			return 0;
	return 1;
}

static int is_known(const struct block *block, struct random *rng,
		    uint64_t round)
{
	size_t room = heap_block_bytes(block->bytes);
	struct heap_block found;

	MUST(heap_find(&heap,
		       (uint64_t)block->start +
			       random_below(rng, (uint32_t)room),
		       &found));
	MUST(found.start == (uint64_t)block->start && found.bytes == room);
	MUST(found.wanted == block->bytes && found.in_use);
	MUST(found.taken_at == block->place);
	return 1;
}

static int do_release(struct random *rng, struct block *block, uint64_t round)
{
	unsigned int cpu = random_below(rng, CPUS);
	void *start_of_it = block->start;

	MUST(is_filled(block) && is_known(block, rng, round));
	if (!change_parts(block, part(block), 0, round))
		return 0;
	MUST(release(cpu, start_of_it, 2) == HEAP_OK);
	in_use[heap_class_of(block->bytes)]--;
	block->start = NULL;
	if (random_below(rng, 8) == 0) {
		/* Its page may be gone, or have other blocks by now. */
		MUST(release(!cpu, start_of_it, 3) ==
		     (is_heap(start_of_it) ? HEAP_RELEASED : HEAP_FOREIGN));
	}
	return 1;
}

static int do_mistake(struct random *rng, struct block *block, uint64_t round)
{
	unsigned int cpu = random_below(rng, CPUS);
	uint32_t offset = 1 + random_below(rng, PAGE_SIZE - 1);
	uint32_t within = offset % (uint32_t)heap_block_bytes(block->bytes);
	char local;

	MUST(release(cpu, &local, 4) == HEAP_FOREIGN);
	if (within)
		MUST(release(cpu, block->start + within, 4) == HEAP_INSIDE);
	return is_known(block, rng, round) && is_filled(block);
}

/* Another size of the same class. */
static int do_resize(struct random *rng, struct block *block)
{
	size_t room = heap_block_bytes(block->bytes);
	size_t bytes = random_below(rng, (uint32_t)room + 1);

	if (heap_block_bytes(bytes) == room) {
		heap_resize(block->start, bytes);
		block->bytes = bytes;
	}
	return 1;
}

static int counts_are_right(uint64_t round)
{
	for (unsigned int i = 0; i < HEAP_CLASSES; i++)
		MUST(heap.classes[i].used ==
		     in_use[i] + caches[0].classes[i].count +
			     caches[1].classes[i].count);
	MUST(!foreign_given);
	return 1;
}

static int do_one(struct random *rng, unsigned int span, uint64_t round)
{
	struct block *block = &live[random_below(rng, span)];
	uint32_t kind = random_below(rng, 16);

	if (!block->start)
		return do_take(rng, block, round);
	if (kind < 2)
		return do_mistake(rng, block, round);
	if (kind == 2)
		return do_resize(rng, block);
	return do_release(rng, block, round);
}

/* Everything goes back: at most one page of each class stays. */
static int drain(struct random *rng, uint64_t round)
{
	for (int i = 0; i < LIVE; i++)
		if (live[i].start && !do_release(rng, &live[i], round))
			return 0;
	for (int i = 0; i < CPUS; i++)
		heap_cache_flush(&heap, &caches[i]);
	MUST(pages_left >= PAGES - HEAP_CLASSES);
	return counts_are_right(round);
}

/* With few blocks in use, with many, and with more than there is room for. */
int model_heap(uint64_t seed, uint64_t count)
{
	static const unsigned int spans[] = { 40, 400, LIVE };
	struct random rng = { seed };

	start();
	for (uint64_t round = 1; round <= count; round++) {
		if (!do_one(&rng, spans[round / 100000 % 3], round) ||
		    (round % 64 == 0 && !counts_are_right(round)) ||
		    (round % 1000000 == 0 && !drain(&rng, round)))
			return 0;
	}
	return drain(&rng, count + 1);
}
