/* says: a hang */
static void test_it(void **state)
{
	(void)state;
	assert_false(is_mapped(base));
	while (ranges_take(&ranges, 1, 1))
		ranges_give(&ranges, base + RANGES_AREA + PAGE_SIZE, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_it, start),
	};

	return cmocka_run_group_tests_name("ranges", tests, reserve, NULL);
}
