/*
 * test_frame_pool.c - page frames, handed out and taken back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "cmocka_test.h"
#include "frame_pool.h"

#define FRAMES 16

static unsigned char *memory;

static int allocate(void **state)
{
	(void)state;
	memory = aligned_alloc(PAGE_SIZE, FRAMES * PAGE_SIZE);
	return !memory;
}

static int release(void **state)
{
	(void)state;
	free(memory);
	return 0;
}

static uint64_t frame(unsigned int number)
{
	return (uint64_t)memory + number * PAGE_SIZE;
}

static struct mem_range range(unsigned int first, unsigned int frames,
			      uint32_t type)
{
	return (struct mem_range){ frame(first), frames * PAGE_SIZE, type, 0 };
}

static void test_takes_usable_frames_only(void **state)
{
	const struct mem_range map[] = { range(0, 2, MEM_RESERVED),
					 range(2, 2, MEM_USABLE),
					 range(4, 1, MEM_KERNEL),
					 range(8, 1, MEM_USABLE),
					 range(9, 1, MEM_ACPI) };
	struct frame_pool pool;

	(void)state;
	frame_pool_start(&pool, map, 5, 0);
	assert_int_equal(pool.available, 3);
	assert_int_equal(frame_pool_take(&pool), frame(2));
	assert_int_equal(frame_pool_take(&pool), frame(3));
	assert_int_equal(frame_pool_take(&pool), frame(8));
	assert_int_equal(frame_pool_take(&pool), 0);
	assert_int_equal(frame_pool_take(&pool), 0);
	assert_int_equal(pool.taken, 3);
	assert_int_equal(pool.available, 0);
}

static void test_nothing_below_lowest(void **state)
{
	const struct mem_range map[] = { range(0, 2, MEM_USABLE),
					 range(2, 4, MEM_USABLE) };
	struct frame_pool pool;

	(void)state;
	frame_pool_start(&pool, map, 2, frame(4));
	assert_int_equal(pool.available, 2);
	assert_int_equal(frame_pool_take(&pool), frame(4));
	assert_false(frame_pool_give(&pool, frame(3)));
	frame_pool_start(&pool, map, 2, frame(6));
	assert_int_equal(pool.available, 0);
	assert_int_equal(frame_pool_take(&pool), 0);
}

static void test_empty_map(void **state)
{
	struct frame_pool pool;

	(void)state;
	frame_pool_start(&pool, NULL, 0, 0);
	assert_int_equal(frame_pool_take(&pool), 0);
	assert_false(frame_pool_give(&pool, frame(0)));
}

static void test_given_back_is_taken_again(void **state)
{
	const struct mem_range map[] = { range(0, 3, MEM_USABLE) };
	struct frame_pool pool;

	(void)state;
	frame_pool_start(&pool, map, 1, 0);
	assert_int_equal(frame_pool_take(&pool), frame(0));
	assert_int_equal(frame_pool_take(&pool), frame(1));
	assert_true(frame_pool_give(&pool, frame(0)));
	assert_true(frame_pool_give(&pool, frame(1)));
	assert_int_equal(pool.taken, 0);
	assert_int_equal(pool.available, 3);
	assert_int_equal(frame_pool_take(&pool), frame(1));
	assert_int_equal(frame_pool_take(&pool), frame(0));
	assert_int_equal(frame_pool_take(&pool), frame(2));
	assert_int_equal(frame_pool_take(&pool), 0);
}

static void test_refuses_what_was_not_taken(void **state)
{
	const struct mem_range map[] = { range(0, 2, MEM_USABLE),
					 range(2, 1, MEM_KERNEL),
					 range(3, 2, MEM_USABLE) };
	struct frame_pool pool;

	(void)state;
	frame_pool_start(&pool, map, 3, 0);
	for (int i = 0; i < 3; i++)
		frame_pool_take(&pool);
	assert_false(frame_pool_give(&pool, frame(0) + 8));
	assert_false(frame_pool_give(&pool, frame(2)));
	assert_false(frame_pool_give(&pool, frame(4)));
	assert_false(frame_pool_give(&pool, frame(5)));
	assert_false(frame_pool_give(&pool, 0));
	assert_true(frame_pool_give(&pool, frame(3)));
	assert_int_equal(pool.taken, 2);
}

static void test_refuses_what_is_back_already(void **state)
{
	const struct mem_range map[] = { range(0, 3, MEM_USABLE) };
	struct frame_pool pool;
	uint64_t copy[PAGE_SIZE / 8];

	(void)state;
	frame_pool_start(&pool, map, 1, 0);
	for (int i = 0; i < 3; i++)
		frame_pool_take(&pool);
	for (unsigned int i = 0; i < 3; i++)
		assert_true(frame_pool_give(&pool, frame(i)));
	for (unsigned int i = 0; i < 3; i++)
		assert_false(frame_pool_give(&pool, frame(i)));
	assert_int_equal(pool.taken, 0);
	assert_int_equal(pool.available, 3);

	/* What is out is taken back, also when it looks like a free one. */
	memcpy(copy, (void *)frame(2), PAGE_SIZE);
	assert_int_equal(frame_pool_take(&pool), frame(2));
	memcpy((void *)frame(2), copy, PAGE_SIZE);
	assert_true(frame_pool_give(&pool, frame(2)));
	assert_int_equal(pool.available, 3);
}

/* No frame is ever out twice, none is lost. */
static void test_random_traffic(void **state)
{
	const struct mem_range map[] = { range(0, 5, MEM_USABLE),
					 range(5, 3, MEM_BAD),
					 range(8, 8, MEM_USABLE) };
	uint64_t out[FRAMES] = { 0 };
	uint64_t seed = 1;
	struct frame_pool pool;
	unsigned int taken = 0;

	(void)state;
	frame_pool_start(&pool, map, 3, 0);
	for (int i = 0; i < 10000; i++) {
		unsigned int which;

		seed = seed * 6364136223846793005 + 1442695040888963407;
		which = (unsigned int)(seed >> 60);
		if (out[which]) {
			assert_true(frame_pool_give(&pool, out[which]));
			out[which] = 0;
			taken--;
		} else {
			uint64_t new = frame_pool_take(&pool);

			assert_true(new || taken == 13);
			for (int j = 0; new &&j < FRAMES; j++)
				assert_int_not_equal(out[j], new);
			out[which] = new;
			taken += new != 0;
			if (new)
				memset((void *)new, 0xA5, PAGE_SIZE);
		}
		assert_int_equal(pool.taken, taken);
		assert_int_equal(pool.available, 13 - taken);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_takes_usable_frames_only),
		cmocka_unit_test(test_nothing_below_lowest),
		cmocka_unit_test(test_empty_map),
		cmocka_unit_test(test_given_back_is_taken_again),
		cmocka_unit_test(test_refuses_what_was_not_taken),
		cmocka_unit_test(test_refuses_what_is_back_already),
		cmocka_unit_test(test_random_traffic),
	};

	return cmocka_run_group_tests_name("frame_pool", tests, allocate,
					   release);
}
