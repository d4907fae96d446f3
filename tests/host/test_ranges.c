/*
 * test_ranges.c - ranges of addresses with guards.
 */
#include <string.h>
#include <sys/mman.h>

#include "boot/layout.h"
#include "cmocka_test.h"
#include "random.h"
#include "ranges.h"

static struct ranges ranges;
static uint64_t base;
static uint64_t mapped, allowed;

#define FILLED 0xCC /* what memory that is mapped holds */

static bool map(uint64_t page)
{
	assert_int_equal(page % PAGE_SIZE, 0);
	assert_in_range(page, base, base + RANGES_SPAN - PAGE_SIZE);
	if (mapped >= allowed)
		return false;
	/* Only what is absent can be mapped. */
	assert_int_equal(madvise((void *)page, PAGE_SIZE, MADV_POPULATE_READ),
			 -1);
	assert_int_equal(mprotect((void *)page, PAGE_SIZE,
				  PROT_READ | PROT_WRITE),
			 0);
	memset((void *)page, FILLED, PAGE_SIZE);
	mapped++;
	return true;
}

static void unmap(uint64_t page)
{
	assert_int_equal(madvise((void *)page, PAGE_SIZE, MADV_DONTNEED), 0);
	assert_int_equal(mprotect((void *)page, PAGE_SIZE, PROT_NONE), 0);
	mapped--;
}

static bool is_mapped(uint64_t page)
{
	return madvise((void *)page, PAGE_SIZE, MADV_POPULATE_READ) == 0;
}

static int reserve(void **state)
{
	void *area = mmap(NULL, RANGES_SPAN + RANGES_AREA, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	(void)state;
	/* Slots are aligned by their addresses. */
	base = ((uint64_t)area + RANGES_AREA - 1) & ~(RANGES_AREA - 1);
	return area == MAP_FAILED;
}

static int start(void **state)
{
	static const struct range_pages memory = { map, unmap };

	(void)state;
	mmap((void *)base, RANGES_SPAN, PROT_NONE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	mapped = 0;
	allowed = UINT64_MAX;
	ranges_start(&ranges, &memory, base);
	return 0;
}

static void test_has_memory_and_guards(void **state)
{
	(void)state;
	for (uint64_t pages = 1; pages <= 40; pages++) {
		uint64_t at = ranges_take(&ranges, pages * PAGE_SIZE, 1);

		assert_int_not_equal(at, 0);
		/* The next slot's range. */
		assert_int_not_equal(ranges_take(&ranges, pages * PAGE_SIZE, 1),
				     0);
		assert_false(is_mapped(at - PAGE_SIZE));
		assert_false(is_mapped(at + pages * PAGE_SIZE));
		for (uint64_t i = 0; i < pages; i++)
			assert_true(is_mapped(at + i * PAGE_SIZE));
	}
	assert_int_equal(ranges.count, 80);
	assert_int_equal(ranges.pages, 40 * 41);
}

static void test_given_back_is_absent(void **state)
{
	uint64_t at = ranges_take(&ranges, 4 * PAGE_SIZE, 1), before = mapped;

	(void)state;
	assert_int_equal(ranges_give(&ranges, at, 2), RANGE_OK);
	assert_int_equal(mapped, before - 4);
	for (uint64_t i = 0; i < 4; i++)
		assert_false(is_mapped(at + i * PAGE_SIZE));
	assert_int_equal(ranges.count, 0);
	assert_int_equal(ranges.pages, 0);
}

/* First in, first out: the same addresses come back as late as can be. */
static void test_slots_are_used_again_last(void **state)
{
	uint64_t a = ranges_take(&ranges, 2 * PAGE_SIZE, 1);
	uint64_t b = ranges_take(&ranges, 3 * PAGE_SIZE, 1);

	(void)state;
	ranges_give(&ranges, b, 1);
	ranges_give(&ranges, a, 1);
	assert_int_equal(ranges_take(&ranges, 2 * PAGE_SIZE, 1), b);
	assert_int_equal(ranges_take(&ranges, 2 * PAGE_SIZE, 1), a);
	assert_int_not_equal(ranges_take(&ranges, 2 * PAGE_SIZE, 1), a);
}

static void test_misuse_is_refused(void **state)
{
	uint64_t at = ranges_take(&ranges, 5 * PAGE_SIZE, 31);
	struct range range;

	(void)state;
	assert_int_equal(ranges_give(&ranges, 0, 9), RANGE_FOREIGN);
	assert_int_equal(ranges_give(&ranges, base, 9), RANGE_FOREIGN);
	assert_int_equal(ranges_give(&ranges, base - 1, 9), RANGE_FOREIGN);
	assert_int_equal(ranges_give(&ranges, base + RANGES_SPAN, 9),
			 RANGE_FOREIGN);
	assert_int_equal(ranges_give(&ranges, at + 8 * PAGE_SIZE, 9),
			 RANGE_FOREIGN);
	assert_int_equal(ranges_give(&ranges, at - PAGE_SIZE, 9), RANGE_INSIDE);
	assert_int_equal(ranges_give(&ranges, at + PAGE_SIZE, 9), RANGE_INSIDE);
	assert_int_equal(ranges_give(&ranges, at, 32), RANGE_OK);
	assert_int_equal(ranges_give(&ranges, at, 33), RANGE_GIVEN);
	assert_true(ranges_find(&ranges, at, &range));
	assert_false(range.in_use);
	assert_int_equal(range.taken_at, 31);
	assert_int_equal(range.given_at, 32);
}

/* An address in a range, or in one of its guards. */
static void test_find(void **state)
{
	uint64_t at = ranges_take(&ranges, 3 * PAGE_SIZE - 7, 41);
	const uint64_t inside[] = { at - PAGE_SIZE, at - 1, at,
				    at + 3 * PAGE_SIZE - 1 };
	struct range range;

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_true(ranges_find(&ranges, inside[i], &range));
		assert_int_equal(range.start, at);
		assert_int_equal(range.bytes, 3 * PAGE_SIZE - 7);
		assert_true(range.in_use);
	}
	assert_false(ranges_find(&ranges, at + 3 * PAGE_SIZE, &range));
	assert_false(ranges_find(&ranges, 0, &range));
	assert_false(ranges_find(&ranges, base, &range));
	assert_false(ranges_find(&ranges, UINT64_MAX, &range));
}

static void test_sizes(void **state)
{
	uint64_t at = ranges_take(&ranges, PAGE_SIZE + 1, 1);

	(void)state;
	assert_true(is_mapped(at + PAGE_SIZE));
	assert_int_equal(ranges_give(&ranges, at, 1), RANGE_OK);
	start(NULL);
	assert_int_equal(ranges_take(&ranges, 0, 1), 0);
	assert_int_equal(ranges_take(&ranges, RANGES_BYTES_MAX + 1, 1), 0);
	assert_int_equal(ranges_take(&ranges, UINT64_MAX, 1), 0);
	allowed = 1000;
	assert_int_equal(ranges_take(&ranges, RANGES_BYTES_MAX, 1), 0);
	/* The page of the record stays. */
	assert_int_equal(mapped, 1);
	allowed = mapped + 1001;
	assert_int_not_equal(ranges_take(&ranges, 1000 * PAGE_SIZE, 1), 0);
}

/* Of the n-th page there is no memory, for every n. The slot is not lost. */
static void test_out_of_memory_leaves_nothing(void **state)
{
	uint64_t first = ranges_take(&ranges, 7 * PAGE_SIZE, 1);

	(void)state;
	for (uint64_t n = 0; n < 8; n++) {
		start(NULL);
		allowed = n;
		assert_int_equal(ranges_take(&ranges, 7 * PAGE_SIZE, 1), 0);
		assert_in_range(mapped, 0, 1);
		assert_int_equal(ranges.count, 0);
		allowed = UINT64_MAX;
		assert_int_equal(ranges_take(&ranges, 7 * PAGE_SIZE, 1), first);
		assert_int_equal(mapped, 8);
	}
}

static unsigned int visited, new;

static void visit(const struct range *range)
{
	assert_true(range->in_use);
	visited++;
	new += !range->seen;
}

static void walk(unsigned int expected, unsigned int expected_new)
{
	visited = new = 0;
	ranges_each(&ranges, visit);
	assert_int_equal(visited, expected);
	assert_int_equal(new, expected_new);
}

static void test_each_range_in_use(void **state)
{
	uint64_t a = ranges_take(&ranges, PAGE_SIZE, 1);

	(void)state;
	ranges_take(&ranges, 100 * PAGE_SIZE, 1);
	walk(2, 2);
	walk(2, 0);
	ranges_give(&ranges, a, 1);
	walk(1, 0);
	ranges_take(&ranges, PAGE_SIZE, 1);
	walk(2, 1);
}

#define LIVE 300

/* More records than one page holds, no range in another, none lost. */
static void test_random_traffic(void **state)
{
	static struct {
		uint64_t at, pages;
	} live[LIVE];
	struct random rng = { 27 };
	uint64_t pages = 0, count = 0;

	(void)state;
	for (uint64_t round = 1; round <= 20000; round++) {
		unsigned int i = random_below(&rng, LIVE);
		uint64_t *words = (uint64_t *)live[i].at;

		if (words) {
			assert_int_equal(words[0] ^ words[1], live[i].at);
			assert_int_equal(ranges_give(&ranges, live[i].at, 2),
					 RANGE_OK);
			pages -= live[i].pages;
			count--;
			live[i].at = 0;
		} else {
			live[i].pages =
				1 + random_below(&rng, 20) %
					    (1 + random_below(&rng, 20));
			live[i].at = ranges_take(&ranges,
						 live[i].pages * PAGE_SIZE, 1);
			words = (uint64_t *)live[i].at;
			words[0] = round;
			words[1] = round ^ live[i].at;
			pages += live[i].pages;
			count++;
		}
		assert_int_equal(ranges.pages, pages);
		assert_int_equal(ranges.count, count);
	}
}

static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < RANGE_ERRORS; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(range_error_text(i),
						range_error_text(j));
	assert_string_equal(range_error_text(RANGE_ERRORS),
			    "has an unknown error");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_has_memory_and_guards, start),
		cmocka_unit_test_setup(test_given_back_is_absent, start),
		cmocka_unit_test_setup(test_slots_are_used_again_last, start),
		cmocka_unit_test_setup(test_misuse_is_refused, start),
		cmocka_unit_test_setup(test_find, start),
		cmocka_unit_test_setup(test_sizes, start),
		cmocka_unit_test_setup(test_out_of_memory_leaves_nothing,
				       start),
		cmocka_unit_test_setup(test_each_range_in_use, start),
		cmocka_unit_test_setup(test_random_traffic, start),
		cmocka_unit_test_setup(test_words, start),
	};

	return cmocka_run_group_tests_name("ranges", tests, reserve, NULL);
}
