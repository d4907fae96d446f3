/* says: Give a range back, and the memory behind it. */
static void test_nothing(void **state)
{
	(void)state;
	assert_false(is_mapped(base));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nothing, start),
	};

	return cmocka_run_group_tests_name("ranges", tests, reserve, NULL);
}
