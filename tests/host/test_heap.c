/*
 * test_heap.c - small blocks of memory.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "cmocka_test.h"
#include "heap_cache.h"
#include "random.h"

#define PAGES 64

static unsigned char pages[PAGES][PAGE_SIZE]
	__attribute__((aligned(PAGE_SIZE)));
static bool out[PAGES];
static unsigned int pages_max = PAGES;
static struct heap heap;

static void *take_page(void)
{
	for (unsigned int i = 0; i < pages_max; i++) {
		if (!out[i]) {
			out[i] = true;
			memset(pages[i], 0xCC, PAGE_SIZE);
			return pages[i];
		}
	}
	return NULL;
}

static size_t number_of(const void *page)
{
	return ((uint64_t)page - (uint64_t)pages) / PAGE_SIZE;
}

static bool is_heap(const void *page)
{
	return number_of(page) < PAGES && out[number_of(page)];
}

static void give_page(void *page)
{
	assert_true(is_heap(page));
	out[number_of(page)] = false;
}

static unsigned int pages_out(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < PAGES; i++)
		count += out[i];
	return count;
}

static int start(void **state)
{
	static const struct heap_pages from = { take_page, give_page, is_heap };

	(void)state;
	memset(out, 0, sizeof(out));
	pages_max = PAGES;
	heap_start(&heap, &from);
	return 0;
}

static void test_sizes_and_alignment(void **state)
{
	(void)state;
	for (size_t bytes = 0; bytes <= HEAP_SMALL_MAX; bytes++) {
		unsigned char *block = heap_take(&heap, bytes, 1);
		size_t room = heap_block_bytes(bytes);

		assert_non_null(block);
		assert_int_equal((uint64_t)block % HEAP_ALIGNMENT, 0);
		assert_in_range(room, bytes ? bytes : 1, HEAP_SMALL_MAX);
		if ((room & (room - 1)) == 0)
			assert_int_equal((uint64_t)block % room, 0);
		memset(block, 0x5A, room);
		assert_int_equal(heap_release(&heap, block, 2), HEAP_OK);
	}
	assert_int_equal(heap_block_bytes(0), 16);
	assert_int_equal(heap_block_bytes(17), 32);
	assert_int_equal(heap_block_bytes(1024), 1024);
	assert_int_equal(heap_class_bytes(0), 16);
	assert_int_equal(heap_class_bytes(HEAP_CLASSES - 1), HEAP_SMALL_MAX);
	assert_int_equal(heap_class_bytes(HEAP_CLASSES), 0);
}

/* Every block of every class, filled to its last byte: none touches another,
 * and nothing that the heap keeps. */
static void test_blocks_are_disjoint(void **state)
{
	static unsigned char *blocks[PAGES * 256];

	(void)state;
	for (unsigned int i = 0; i < HEAP_CLASSES; i++) {
		size_t bytes = heap_class_bytes(i), count = 0;
		unsigned char *block;

		pages_max = 3;
		while ((block = heap_take(&heap, bytes, 1))) {
			memset(block, (int)count, bytes);
			blocks[count++] = block;
		}
		assert_int_equal(heap.classes[i].used, count);
		assert_int_equal(heap.classes[i].pages, 3);
		for (size_t j = 0; j < count; j++) {
			for (size_t k = 0; k < bytes; k++)
				assert_int_equal(blocks[j][k], j & 0xFF);
			assert_int_equal(heap_release(&heap, blocks[j], 1),
					 HEAP_OK);
		}
		assert_int_equal(heap.classes[i].used, 0);
		assert_int_equal(heap.classes[i].pages, 1);
		start(NULL);
	}
}

/* One page of each size that is in use stays, all others go back. */
static void test_pages_go_back(void **state)
{
	void *blocks[100];

	(void)state;
	for (int i = 0; i < 100; i++)
		blocks[i] = heap_take(&heap, 512, 1);
	assert_in_range(pages_out(), 100 / 7, 100 / 7 + 1);
	for (int i = 0; i < 100; i++)
		assert_int_equal(heap_release(&heap, blocks[i], 1), HEAP_OK);
	assert_int_equal(pages_out(), 1);
}

static void test_out_of_pages(void **state)
{
	void *first = NULL, *block;

	(void)state;
	pages_max = 0;
	assert_null(heap_take(&heap, 1, 1));
	pages_max = 1;
	while ((block = heap_take(&heap, 1024, 1)))
		first = block;
	assert_int_equal(heap.classes[HEAP_CLASSES - 1].used, 3);
	assert_int_equal(heap_release(&heap, first, 1), HEAP_OK);
	assert_ptr_equal(heap_take(&heap, 1024, 1), first);
}

static void test_misuse_is_refused(void **state)
{
	char *a = heap_take(&heap, 64, 11), *b = heap_take(&heap, 64, 12);
	struct heap_block block;
	char local;

	(void)state;
	assert_int_equal(heap_release(&heap, &local, 9), HEAP_FOREIGN);
	assert_int_equal(heap_release(&heap, NULL, 9), HEAP_FOREIGN);
	assert_int_equal(heap_release(&heap, a + 1, 9), HEAP_INSIDE);
	assert_int_equal(heap_release(&heap, a + 16, 9), HEAP_INSIDE);
	assert_int_equal(heap_release(&heap, a + PAGE_SIZE - 64, 9),
			 HEAP_INSIDE);
	assert_int_equal(heap_release(&heap, b + 64, 9), HEAP_NOT_TAKEN);
	assert_int_equal(heap_release(&heap, a, 13), HEAP_OK);
	assert_int_equal(heap_release(&heap, a, 14), HEAP_RELEASED);
	assert_true(heap_find(&heap, (uint64_t)a + 63, &block));
	assert_int_equal(block.start, (uint64_t)a);
	assert_int_equal(block.bytes, 64);
	assert_false(block.in_use);
	assert_int_equal(block.taken_at, 11);
	assert_int_equal(block.released_at, 13);
	assert_int_equal(heap.classes[3].used, 1);
}

static void test_find(void **state)
{
	char *a = heap_take(&heap, 100, 21);
	struct heap_block block;

	(void)state;
	assert_false(heap_find(&heap, (uint64_t)&block, &block));
	assert_true(heap_find(&heap, (uint64_t)a + 127, &block));
	assert_int_equal(block.start, (uint64_t)a);
	assert_int_equal(block.bytes, 128);
	assert_int_equal(block.wanted, 100);
	assert_true(block.in_use);
	assert_int_equal(block.taken_at, 21);
	assert_int_equal(block.released_at, 0);
	assert_true(heap_find(&heap, (uint64_t)a + 128, &block));
	assert_false(block.in_use);
	assert_int_equal(block.taken_at, 0);
	assert_false(heap_find(&heap, (uint64_t)a + PAGE_SIZE - 1, &block));
	heap_release(&heap, a, 22);
	assert_ptr_equal(heap_take(&heap, 100, 23), a);
	assert_true(heap_find(&heap, (uint64_t)a, &block));
	assert_int_equal(block.taken_at, 23);
	assert_int_equal(block.released_at, 22);
}

/* One byte behind the last block of a page. */
static void test_damage_is_noticed(void **state)
{
	char *blocks[4], *last;

	(void)state;
	pages_max = 1;
	for (int i = 0; i < 3; i++)
		blocks[i] = heap_take(&heap, 1024, 1);
	last = blocks[2];
	last[1024] ^= 1;
	assert_int_equal(heap_release(&heap, last, 1), HEAP_DAMAGED);
	assert_int_equal(heap_release(&heap, blocks[0], 1), HEAP_DAMAGED);
}

static struct heap_cache cache;

/* Of each class; last in, first out. What is kept is no longer in use. */
static void test_cache_keeps_a_few(void **state)
{
	char *blocks[HEAP_KEPT_MAX + 1];
	struct heap_block block;

	(void)state;
	cache = (struct heap_cache){ .most = HEAP_KEPT_MAX };
	assert_null(heap_cache_take(&cache, 64, 1));
	for (int i = 0; i <= HEAP_KEPT_MAX; i++)
		blocks[i] = heap_take(&heap, 64, 1);
	for (int i = 0; i < HEAP_KEPT_MAX; i++)
		assert_true(heap_cache_give(&cache, blocks[i], 2));
	assert_false(heap_cache_give(&cache, blocks[HEAP_KEPT_MAX], 3));
	assert_true(heap_find(&heap, (uint64_t)blocks[0], &block));
	assert_false(block.in_use);
	assert_int_equal(block.released_at, 2);
	assert_null(heap_cache_take(&cache, 65, 1));
	assert_ptr_equal(heap_cache_take(&cache, 50, 4),
			 blocks[HEAP_KEPT_MAX - 1]);
	assert_true(
		heap_find(&heap, (uint64_t)blocks[HEAP_KEPT_MAX - 1], &block));
	assert_true(block.in_use);
	assert_int_equal(block.wanted, 50);
	assert_int_equal(block.taken_at, 4);
	assert_int_equal(heap.classes[3].used, HEAP_KEPT_MAX + 1);
	heap_cache_flush(&heap, &cache);
	assert_int_equal(heap.classes[3].used, 2);
	assert_null(heap_cache_take(&cache, 64, 1));
}

/* It refuses, and the heap says why. */
static void test_cache_refuses_misuse(void **state)
{
	char *a = heap_take(&heap, 64, 1), *b = heap_take(&heap, 64, 1);

	(void)state;
	cache = (struct heap_cache){ .most = HEAP_KEPT_MAX };
	assert_false(heap_cache_give(&cache, a + 16, 2));
	assert_false(heap_cache_give(&cache, b + 64, 2));
	assert_false(heap_cache_give(&cache, a + PAGE_SIZE - 64, 2));
	assert_true(heap_cache_give(&cache, a, 3));
	assert_false(heap_cache_give(&cache, a, 4));
	assert_int_equal(heap_release(&heap, a, 4), HEAP_RELEASED);
	assert_int_equal(cache.classes[3].count, 1);
}

static unsigned int visited, new;

static void visit(const struct heap_block *block)
{
	assert_true(block->in_use);
	visited++;
	new += !block->seen;
}

static void walk(unsigned int expected, unsigned int expected_new)
{
	visited = new = 0;
	heap_each(&heap, visit);
	assert_int_equal(visited, expected);
	assert_int_equal(new, expected_new);
}

static void test_each_block_in_use(void **state)
{
	void *a, *b;

	(void)state;
	walk(0, 0);
	a = heap_take(&heap, 10, 1);
	b = heap_take(&heap, 1000, 1);
	for (int i = 0; i < 2; i++)
		heap_take(&heap, 1000, 1);
	walk(4, 4);
	walk(4, 0);
	heap_release(&heap, b, 1);
	walk(3, 0);
	assert_ptr_equal(heap_take(&heap, 1000, 1), b);
	walk(4, 1);
	heap_release(&heap, a, 1);
	walk(3, 0);
}

#define LIVE 2000

/* Whatever is taken keeps its bytes until it is released. */
static void test_random_traffic(void **state)
{
	static struct {
		unsigned char *start;
		size_t bytes;
		unsigned char fill;
	} live[LIVE];
	struct random rng = { 15 };

	(void)state;
	for (int round = 0; round < 1000000; round++) {
		unsigned int i = random_below(&rng, LIVE);

		if (live[i].start) {
			for (size_t k = 0; k < live[i].bytes;
			     k += 1 + live[i].bytes / 4)
				assert_int_equal(live[i].start[k],
						 live[i].fill);
			assert_int_equal(heap_release(&heap, live[i].start, 2),
					 HEAP_OK);
			live[i].start = NULL;
			continue;
		}
		live[i].bytes = random_below(&rng, HEAP_SMALL_MAX + 1) >>
				random_below(&rng, 6);
		live[i].fill = (unsigned char)round;
		live[i].start = heap_take(&heap, live[i].bytes, 1);
		if (live[i].start)
			memset(live[i].start, live[i].fill,
			       heap_block_bytes(live[i].bytes));
		else
			assert_int_equal(pages_out(), PAGES);
	}
	for (int i = 0; i < LIVE; i++)
		if (live[i].start)
			assert_int_equal(heap_release(&heap, live[i].start, 2),
					 HEAP_OK);
	for (int i = 0; i < HEAP_CLASSES; i++)
		assert_int_equal(heap.classes[i].used, 0);
	assert_in_range(pages_out(), 1, HEAP_CLASSES);
}

static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < HEAP_ERRORS; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(heap_error_text(i),
						heap_error_text(j));
	assert_string_equal(heap_error_text(HEAP_ERRORS),
			    "has an unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sizes_and_alignment, start),
		cmocka_unit_test_setup(test_blocks_are_disjoint, start),
		cmocka_unit_test_setup(test_pages_go_back, start),
		cmocka_unit_test_setup(test_out_of_pages, start),
		cmocka_unit_test_setup(test_misuse_is_refused, start),
		cmocka_unit_test_setup(test_find, start),
		cmocka_unit_test_setup(test_cache_keeps_a_few, start),
		cmocka_unit_test_setup(test_cache_refuses_misuse, start),
		cmocka_unit_test_setup(test_damage_is_noticed, start),
		cmocka_unit_test_setup(test_each_block_in_use, start),
		cmocka_unit_test_setup(test_random_traffic, start),
		cmocka_unit_test_setup(test_words, start),
	};

	return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
