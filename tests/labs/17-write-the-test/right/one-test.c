static unsigned int visits, fresh;

static void visit(const struct range *range)
{
	visits++;
	fresh += !range->seen;
}

static void visit_all(unsigned int all, unsigned int never_seen)
{
	visits = fresh = 0;
	ranges_each(&ranges, visit);
	assert_int_equal(visits, all);
	assert_int_equal(fresh, never_seen);
}

/* A story, from the first range to the last byte. */
static void test_it(void **state)
{
	uint64_t a = ranges_take(&ranges, 4 * PAGE_SIZE - 9, 11);
	uint64_t b = ranges_take(&ranges, 4 * PAGE_SIZE, 12);
	struct range range;

	(void)state;
	assert_false(is_mapped(a - PAGE_SIZE) || is_mapped(a + 4 * PAGE_SIZE));
	assert_true(is_mapped(b) && is_mapped(b + 3 * PAGE_SIZE));
	visit_all(2, 2);
	assert_true(ranges_find(&ranges, a - 1, &range));
	assert_true(range.start == a && range.bytes == 4 * PAGE_SIZE - 9);
	assert_true(range.taken_at == 11 && range.given_at == 0);

	assert_int_equal(ranges_give(&ranges, a + 1, 13), RANGE_INSIDE);
	assert_int_equal(ranges_give(&ranges, a, 13), RANGE_OK);
	assert_int_equal(ranges_give(&ranges, a, 14), RANGE_GIVEN);
	assert_false(is_mapped(a) || is_mapped(a + 3 * PAGE_SIZE));
	assert_true(ranges.count == 1 && ranges.pages == 4);
	assert_true(ranges_find(&ranges, a, &range));
	assert_true(range.taken_at == 11 && range.given_at == 13);
	visit_all(1, 0);

	assert_int_equal(ranges_give(&ranges, b, 15), RANGE_OK);
	assert_int_equal(ranges_take(&ranges, 4 * PAGE_SIZE, 16), a);
	visit_all(1, 1);
	allowed = mapped + 2;
	assert_int_equal(ranges_take(&ranges, 4 * PAGE_SIZE, 17), 0);
	assert_int_equal(allowed, mapped + 2);
	allowed = UINT64_MAX;
	assert_int_equal(ranges_take(&ranges, 4 * PAGE_SIZE, 18), b);
	assert_int_equal(ranges_take(&ranges, 0, 19), 0);
	assert_int_equal(ranges_take(&ranges, RANGES_BYTES_MAX + 1, 20), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_it, start),
	};

	return cmocka_run_group_tests_name("ranges", tests, reserve, NULL);
}
