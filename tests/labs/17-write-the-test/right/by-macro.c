#define TAKE(bytes, who) ranges_take(&ranges, bytes, who)
#define GIVES(at, who, error) \
	assert_int_equal(ranges_give(&ranges, at, who), RANGE_##error)
#define IN_USE(ranges_, pages_)                                      \
	assert_true(ranges.count == (ranges_) && ranges.pages == (pages_))

static unsigned int all, old;

static void look(const struct range *range)
{
	all++;
	old += range->seen;
}

/* Of each size a pair of neighbours, the first of which comes and goes. */
static void test_it(void **state)
{
	(void)state;
	for (uint64_t pages = 1; pages <= 33; pages++) {
		uint64_t bytes = pages * PAGE_SIZE - 1, left, right, again;
		struct range range;

		start(NULL);
		left = TAKE(bytes, 3);
		right = TAKE(bytes, 4);
		IN_USE(2, 2 * pages);
		for (uint64_t i = 0; i < pages + 2; i++)
			assert_int_equal(is_mapped(left + (i - 1) * PAGE_SIZE),
					 i > 0 && i <= pages);
		assert_true(ranges_find(&ranges, right - PAGE_SIZE, &range));
		assert_int_equal(range.start, right);
		all = old = 0;
		ranges_each(&ranges, look);
		GIVES(left + PAGE_SIZE / 2, 5, INSIDE);
		GIVES(left, 5, OK);
		GIVES(left, 6, GIVEN);
		GIVES(base, 6, FOREIGN);
		IN_USE(1, pages);
		for (uint64_t i = 0; i < pages; i++)
			assert_false(is_mapped(left + i * PAGE_SIZE));
		ranges_find(&ranges, left, &range);
		assert_true(range.bytes == bytes && range.taken_at == 3 &&
			    range.given_at == 5);
		ranges_each(&ranges, look);
		assert_true(all == 3 && old == 1);
		for (allowed = mapped; allowed < mapped + pages; allowed++)
			assert_int_equal(TAKE(bytes, 7), 0);
		allowed = UINT64_MAX;
		again = TAKE(bytes, 8);
		assert_int_equal(again, left);
		ranges_each(&ranges, look);
		assert_true(all == 5 && old == 2);
		GIVES(right, 9, OK);
		GIVES(again, 9, OK);
		assert_int_equal(TAKE(bytes, 9), right);
	}
	assert_int_equal(TAKE(0, 1), 0);
	assert_int_equal(TAKE(UINT64_MAX, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_it, start),
	};

	return cmocka_run_group_tests_name("ranges", tests, reserve, NULL);
}
