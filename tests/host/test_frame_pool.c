/*
 * test_frame_pool.c - page frames, handed out and taken back.
 */
#include <stdint.h>
#include <string.h>

#include "boot/layout.h"
#include "cmocka_test.h"
#include "frame_cache.h"
#include "guarded.h"

#define BLOCK_FRAMES 4096
#define FRAMES (2 * BLOCK_FRAMES + 100)

static unsigned char *memory;
static struct frame_pool pool;

static int allocate(void **state)
{
	(void)state;
	memory = guarded_area((size_t)FRAMES * PAGE_SIZE);
	memset(memory, 0xCC, 64 * PAGE_SIZE);
	return 0;
}

static uint64_t frame(unsigned int number)
{
	return (uint64_t)memory + (uint64_t)number * PAGE_SIZE;
}

static struct mem_range range(unsigned int first, unsigned int frames,
			      uint32_t type)
{
	return (struct mem_range){ frame(first), (uint64_t)frames * PAGE_SIZE,
				   type, 0 };
}

static void start(const struct mem_range *map, size_t count)
{
	frame_pool_start(&pool, map, count, 0, UINT64_MAX, NULL);
}

/* 0: none left. */
static uint64_t take(void)
{
	uint64_t taken = frame_pool_take(&pool, FRAME_TEST);

	assert_int_equal(pool.overwritten, 0);
	return taken;
}

static enum frame_error give(uint64_t address)
{
	return frame_pool_give(&pool, FRAME_TEST, address);
}

/* The first frame of a range holds states. */
static void test_takes_usable_frames_only(void **state)
{
	const struct mem_range map[] = {
		range(0, 2, MEM_RESERVED), range(2, 3, MEM_USABLE),
		range(5, 1, MEM_KERNEL),   range(8, 2, MEM_USABLE),
		range(10, 1, MEM_ACPI),	   range(12, 1, MEM_USABLE)
	};

	(void)state;
	start(map, 6);
	assert_int_equal(pool.available, 3);
	assert_int_equal(take(), frame(3));
	assert_int_equal(take(), frame(4));
	assert_int_equal(take(), frame(9));
	assert_int_equal(take(), 0);
	assert_int_equal(take(), 0);
	assert_int_equal(pool.out[FRAME_TEST], 3);
	assert_int_equal(pool.available, 0);
}

static void test_keeps_to_its_bounds(void **state)
{
	const struct mem_range map[] = { range(0, 4, MEM_USABLE),
					 range(4, 4, MEM_USABLE) };

	(void)state;
	frame_pool_start(&pool, map, 2, frame(1), frame(7), NULL);
	assert_int_equal(pool.available, 2 + 2);
	assert_int_equal(take(), frame(2));
	assert_int_equal(take(), frame(3));
	assert_int_equal(take(), frame(5));
	assert_int_equal(take(), frame(6));
	assert_int_equal(take(), 0);
	assert_int_equal(give(frame(0)), FRAME_FOREIGN);
	assert_int_equal(give(frame(7)), FRAME_FOREIGN);
	frame_pool_start(&pool, map, 2, frame(8), UINT64_MAX, NULL);
	assert_int_equal(pool.available, 0);
	assert_int_equal(take(), 0);
}

static void test_empty_map(void **state)
{
	(void)state;
	start(NULL, 0);
	assert_int_equal(take(), 0);
	assert_int_equal(give(frame(0)), FRAME_FOREIGN);
}

static void test_given_back_is_taken_again(void **state)
{
	const struct mem_range map[] = { range(0, 4, MEM_USABLE) };

	(void)state;
	start(map, 1);
	assert_int_equal(take(), frame(1));
	assert_int_equal(take(), frame(2));
	assert_int_equal(give(frame(1)), FRAME_OK);
	assert_int_equal(give(frame(2)), FRAME_OK);
	assert_int_equal(pool.out[FRAME_TEST], 0);
	assert_int_equal(pool.available, 3);
	assert_int_equal(take(), frame(2));
	assert_int_equal(take(), frame(1));
	assert_int_equal(take(), frame(3));
	assert_int_equal(take(), 0);
}

/* Each misuse has its own error, and none changes anything. */
static void test_misuse_is_refused(void **state)
{
	const struct mem_range map[] = { range(0, 4, MEM_USABLE),
					 range(4, 1, MEM_KERNEL),
					 range(5, 3, MEM_USABLE) };

	(void)state;
	start(map, 3);
	for (int i = 0; i < 4; i++)
		take();
	assert_int_equal(give(frame(1) + 8), FRAME_UNALIGNED);
	assert_int_equal(give(frame(4)), FRAME_FOREIGN);
	assert_int_equal(give(frame(0)), FRAME_RESERVED);
	assert_int_equal(give(frame(7)), FRAME_NOT_OUT);
	assert_int_equal(give(0), FRAME_FOREIGN);
	assert_int_equal(frame_pool_give(&pool, FRAME_HEAP, frame(1)),
			 FRAME_OTHER_OWNER);
	assert_int_equal(pool.out[FRAME_TEST], 4);
	assert_int_equal(give(frame(1)), FRAME_OK);
	assert_int_equal(give(frame(1)), FRAME_NOT_OUT);
	assert_int_equal(give(frame(6)), FRAME_OK);
	assert_int_equal(pool.out[FRAME_TEST], 2);
	assert_int_equal(pool.available, 3);
}

static void test_never_begun_block_is_not_out(void **state)
{
	const struct mem_range map[] = { range(0, 2, MEM_USABLE),
					 range(4, 2, MEM_USABLE) };
	uint8_t byte = 1;

	(void)state;
	start(map, 2);
	assert_int_equal(give(frame(5)), FRAME_NOT_OUT);
	assert_int_equal(frame_pool_state(&pool, frame(5), &byte), FRAME_OK);
	assert_int_equal(byte, FRAME_NOBODY);
}

/* What is out may look like a free frame. */
static void test_contents_do_not_matter(void **state)
{
	const struct mem_range map[] = { range(0, 3, MEM_USABLE) };
	uint64_t copy[2];

	(void)state;
	start(map, 1);
	take();
	assert_int_equal(give(frame(1)), FRAME_OK);
	memcpy(copy, (void *)frame(1), sizeof(copy));
	assert_int_equal(take(), frame(1));
	memcpy((void *)frame(1), copy, sizeof(copy));
	assert_int_equal(give(frame(1)), FRAME_OK);
	assert_int_equal(take(), frame(1));
}

static void test_write_to_a_free_frame_is_noticed(void **state)
{
	const struct mem_range map[] = { range(0, 3, MEM_USABLE) };

	(void)state;
	for (unsigned int byte = 0; byte < 16; byte++) {
		start(map, 1);
		take();
		assert_int_equal(give(frame(1)), FRAME_OK);
		((unsigned char *)frame(1))[byte] ^= 1;
		assert_int_equal(frame_pool_take(&pool, FRAME_TEST), 0);
		assert_int_equal(pool.overwritten, frame(1));
		assert_int_equal(pool.out[FRAME_TEST], 0);
	}
}

static void test_mapped_frames_stay_out(void **state)
{
	const struct mem_range map[] = { range(0, 3, MEM_USABLE) };
	uint8_t byte;

	(void)state;
	start(map, 1);
	take();
	assert_int_equal(frame_pool_set_mapped(&pool, FRAME_TEST, frame(1),
					       false),
			 FRAME_NOT_MAPPED);
	assert_int_equal(frame_pool_set_mapped(&pool, FRAME_TEST, frame(1),
					       true),
			 FRAME_OK);
	assert_int_equal(frame_pool_set_mapped(&pool, FRAME_TEST, frame(1),
					       true),
			 FRAME_STILL_MAPPED);
	assert_int_equal(give(frame(1)), FRAME_STILL_MAPPED);
	assert_int_equal(frame_pool_set_mapped(&pool, FRAME_HEAP, frame(1),
					       false),
			 FRAME_OTHER_OWNER);
	assert_int_equal(frame_pool_state(&pool, frame(1) + 77, &byte),
			 FRAME_OK);
	assert_int_equal(byte, FRAME_OUT | FRAME_MAPPED | FRAME_TEST);
	assert_int_equal(frame_pool_set_mapped(&pool, FRAME_TEST, frame(1),
					       false),
			 FRAME_OK);
	assert_int_equal(give(frame(1)), FRAME_OK);
	assert_int_equal(frame_pool_set_mapped(&pool, FRAME_TEST, frame(1),
					       true),
			 FRAME_NOT_OUT);
}

/* A free frame keeps its last owner's name. */
static void test_owners_are_counted_and_remembered(void **state)
{
	const struct mem_range map[] = { range(0, 4, MEM_USABLE) };
	uint64_t heap;
	uint8_t byte;

	(void)state;
	start(map, 1);
	heap = frame_pool_take(&pool, FRAME_HEAP);
	frame_pool_take(&pool, FRAME_TABLE);
	assert_int_equal(pool.out[FRAME_HEAP], 1);
	assert_int_equal(pool.out[FRAME_TABLE], 1);
	assert_int_equal(frame_pool_give(&pool, FRAME_HEAP, heap), FRAME_OK);
	assert_int_equal(frame_pool_state(&pool, heap, &byte), FRAME_OK);
	assert_int_equal(byte, FRAME_HEAP);
	assert_int_equal(pool.out[FRAME_HEAP], 0);
}

/* Each block begins with its states, also the last one, which is short. */
static void test_crosses_blocks(void **state)
{
	const struct mem_range map[] = { range(0, FRAMES, MEM_USABLE) };
	uint64_t count = 0, taken, sum = 0;

	(void)state;
	start(map, 1);
	assert_int_equal(pool.available, FRAMES - 3);
	while ((taken = take())) {
		uint64_t number = (taken - frame(0)) / PAGE_SIZE;

		assert_int_not_equal(number % BLOCK_FRAMES, 0);
		*(volatile uint64_t *)taken = number;
		sum += number;
		count++;
	}
	assert_int_equal(count, FRAMES - 3);
	assert_int_equal(pool.available, 0);
	for (unsigned int i = 0; i < FRAMES; i++) {
		if (i % BLOCK_FRAMES == 0)
			continue;
		assert_int_equal(*(volatile uint64_t *)frame(i), i);
		assert_int_equal(give(frame(i)), FRAME_OK);
	}
	assert_int_equal(pool.available, FRAMES - 3);
	while ((taken = take()))
		sum -= (taken - frame(0)) / PAGE_SIZE;
	assert_int_equal(sum, 0);
}

static uint64_t ram_end;

static bool is_below_ram_end(uint64_t address)
{
	return address < ram_end;
}

/* The map says that there is more. */
static void test_missing_memory_is_left_out(void **state)
{
	const struct mem_range map[] = { range(0, 2 * BLOCK_FRAMES, MEM_USABLE),
					 range(FRAMES - 4, 3, MEM_USABLE) };
	uint64_t count = 0;
	uint8_t byte;

	(void)state;
	ram_end = frame(BLOCK_FRAMES);
	frame_pool_start(&pool, map, 2, 0, UINT64_MAX, is_below_ram_end);
	assert_int_equal(pool.available, 2 * BLOCK_FRAMES - 2 + 2);
	while (take())
		count++;
	assert_int_equal(count, BLOCK_FRAMES - 1);
	assert_int_equal(pool.available, 0);
	assert_int_equal(pool.missing, BLOCK_FRAMES - 1 + 2);
	assert_int_equal(give(frame(BLOCK_FRAMES + 1)), FRAME_FOREIGN);
	assert_int_equal(frame_pool_state(&pool, frame(FRAMES - 3), &byte),
			 FRAME_FOREIGN);
	assert_int_equal(give(frame(BLOCK_FRAMES - 1)), FRAME_OK);
	assert_int_equal(take(), frame(BLOCK_FRAMES - 1));
}

static struct frame_cache cache;

static bool keep(uint64_t address)
{
	return frame_cache_give(&pool, &cache, FRAME_TEST, address);
}

/* Last in, first out; what does not fit, and what others hand out, stays. */
static void test_cache_keeps_a_few(void **state)
{
	const struct mem_range map[] = { range(0, 2, MEM_USABLE),
					 range(4, 40, MEM_USABLE) };
	uint64_t frames[FRAME_KEPT_MAX + 1], other;

	(void)state;
	start(map, 2);
	cache = (struct frame_cache){ .most = FRAME_KEPT_MAX };
	assert_int_equal(frame_cache_take(&pool, &cache, FRAME_TEST), 0);
	other = take();
	for (unsigned int i = 0; i <= FRAME_KEPT_MAX; i++)
		frames[i] = take();
	/* Another range than the fresh ones' goes back to the pool. */
	assert_false(keep(other));
	for (unsigned int i = 0; i < FRAME_KEPT_MAX; i++)
		assert_true(keep(frames[i]));
	assert_false(keep(frames[FRAME_KEPT_MAX]));
	assert_int_equal(cache.out[FRAME_TEST], -(uint64_t)FRAME_KEPT_MAX);
	assert_int_equal(give(frames[0]), FRAME_NOT_OUT);
	for (unsigned int i = FRAME_KEPT_MAX; i-- > 0;)
		assert_int_equal(frame_cache_take(&pool, &cache, FRAME_TEST),
				 frames[i]);
	assert_int_equal(cache.count, 0);
	assert_int_equal(cache.out[FRAME_TEST], 0);
	assert_int_equal(give(frames[0]), FRAME_OK);
}

/* It refuses, and the pool says why. */
static void test_cache_refuses_misuse(void **state)
{
	const struct mem_range map[] = { range(0, 4, MEM_USABLE) };

	(void)state;
	start(map, 1);
	cache = (struct frame_cache){ .most = FRAME_KEPT_MAX };
	take();
	take();
	assert_false(keep(frame(0)));
	assert_false(keep(frame(1) + 8));
	assert_false(keep(frame(3)));
	assert_false(keep(frame(5)));
	assert_false(keep(0));
	frame_pool_set_mapped(&pool, FRAME_TEST, frame(2), true);
	assert_false(keep(frame(2)));
	assert_int_equal(give(frame(2)), FRAME_STILL_MAPPED);
	assert_false(frame_cache_give(&pool, &cache, FRAME_HEAP, frame(1)));
	assert_true(keep(frame(1)));
	assert_false(keep(frame(1)));
	assert_int_equal(cache.count, 1);
	/* Somebody writes to it. */
	*(uint8_t *)frame(1) ^= 1;
	assert_int_equal(frame_cache_take(&pool, &cache, FRAME_TEST), 0);
	assert_int_equal(pool.overwritten, frame(1));
	assert_int_equal(cache.count, 1);
}

static void test_last_owner_is_known(void **state)
{
	const struct mem_range map[] = { range(0, 2, MEM_USABLE),
					 range(4, 2, MEM_USABLE) };

	(void)state;
	start(map, 2);
	take();
	assert_true(frame_pool_is(&pool, FRAME_TEST, frame(1) + 5));
	assert_false(frame_pool_is(&pool, FRAME_HEAP, frame(1)));
	assert_false(frame_pool_is(&pool, FRAME_TEST, frame(3)));
	assert_false(frame_pool_is(&pool, FRAME_NOBODY, frame(5)));
	assert_int_equal(take(), frame(5));
	assert_true(frame_pool_is(&pool, FRAME_TEST, frame(1)));
	assert_int_equal(give(frame(1)), FRAME_OK);
	assert_true(frame_pool_is(&pool, FRAME_TEST, frame(1)));
}

/* Every owner and every error has words of its own. */
static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < FRAME_OWNERS; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(frame_owner_name(i),
						frame_owner_name(j));
	for (unsigned int i = 0; i < FRAME_ERRORS; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(frame_error_text(i),
						frame_error_text(j));
	assert_string_equal(frame_owner_name(FRAME_OWNER), "unknown");
	assert_string_equal(frame_error_text(FRAME_ERRORS),
			    "has an unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_usable_frames_only),
		cmocka_unit_test(test_keeps_to_its_bounds),
		cmocka_unit_test(test_empty_map),
		cmocka_unit_test(test_given_back_is_taken_again),
		cmocka_unit_test(test_misuse_is_refused),
		cmocka_unit_test(test_never_begun_block_is_not_out),
		cmocka_unit_test(test_contents_do_not_matter),
		cmocka_unit_test(test_write_to_a_free_frame_is_noticed),
		cmocka_unit_test(test_mapped_frames_stay_out),
		cmocka_unit_test(test_owners_are_counted_and_remembered),
		cmocka_unit_test(test_crosses_blocks),
		cmocka_unit_test(test_missing_memory_is_left_out),
		cmocka_unit_test(test_cache_keeps_a_few),
		cmocka_unit_test(test_cache_refuses_misuse),
		cmocka_unit_test(test_last_owner_is_known),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests_name("frame_pool", tests, allocate, NULL);
}
