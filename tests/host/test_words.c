/*
 * test_words.c - lines cut into words, and numbers as people type them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_test.h"
#include "random.h"
#include "words.h"

static void split(const char *text, size_t count, const char *const *expected)
{
	char line[64];
	char *words[3] = { NULL };

	strcpy(line, text);
	assert_int_equal(words_split(line, words, 3), count);
	for (size_t i = 0; i < count && i < 3; i++)
		assert_string_equal(words[i], expected[i]);
}

static void test_words(void **state)
{
	(void)state;
	split("", 0, NULL);
	split(" \t ", 0, NULL);
	split("help", 1, (const char *[]){ "help" });
	split("  x/4 \t 0x10  ", 2, (const char *[]){ "x/4", "0x10" });
	split("a b c", 3, (const char *[]){ "a", "b", "c" });
	split("a b c d e", 5, (const char *[]){ "a", "b", "c" });
}

static bool lookup(const char *name, size_t length, uint64_t *value)
{
	*value = 0x100000;
	return length == 6 && memcmp(name, "_start", 6) == 0;
}

static void good(const char *text, uint64_t expected)
{
	uint64_t value = ~expected;

	assert_null(number_parse(text, lookup, &value));
	assert_int_equal(value, expected);
}

static void bad(const char *text, const char *expected)
{
	uint64_t value;

	assert_string_equal(number_parse(text, lookup, &value), expected);
}

static void test_numbers(void **state)
{
	(void)state;
	good("0", 0);
	good("007", 7);
	good("18446744073709551615", UINT64_MAX);
	good("0xFFFFffffFFFFffff", UINT64_MAX);
	good("0X0000000000000000000000001", 1);
	good("0b101", 5);
	good("_start", 0x100000);
	good("_start+0x10-2", 0x10000E);
	good("0-1", UINT64_MAX);
	good("0xFFFFFFFFFFFFFFFF+2", 1);
}

static void test_what_is_wrong(void **state)
{
	uint64_t value;

	(void)state;
	bad("", "a number is missing");
	bad("1+", "a number is missing");
	bad("-1", "a number is missing");
	bad("1++1", "a number is missing");
	bad("0x", "a digit is missing");
	bad("0b2", "a digit is missing");
	bad("0b12", "a digit is wrong");
	bad("12a", "a digit is wrong");
	bad("0x1g", "a digit is wrong");
	bad("18446744073709551616", "the number does not fit in 64 bits");
	bad("0x10000000000000000", "the number does not fit in 64 bits");
	bad("_star", "the name is not known");
	bad("_start1", "the name is not known");
	bad("1*2", "only + and - join numbers");
	bad("(1)", "a number is missing");
	assert_string_equal(number_parse("_start", NULL, &value),
			    "the name is not known");
}

static void test_all_magnitudes(void **state)
{
	struct random rng = { 1 };
	char text[32];

	(void)state;
	for (int i = 0; i < 100000; i++) {
		uint64_t value = random_magnitude(&rng);

		sprintf(text, "%" PRIu64, value);
		good(text, value);
		sprintf(text, i % 2 ? "0x%" PRIx64 : "0X%" PRIX64, value);
		good(text, value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_what_is_wrong),
		cmocka_unit_test(test_all_magnitudes),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
