/* says: ranges of addresses: whole pages of memory with a guard page */
static void test_it(void **state)
{
	uint64_t at = ranges_take(&ranges, 1, 1);

	(void)state;
	assert_false(is_mapped(base));
	assert_int_equal(at, base + RANGES_AREA + PAGE_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_it, start),
	};

	return cmocka_run_group_tests_name("ranges", tests, reserve, NULL);
}
