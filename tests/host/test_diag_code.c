/*
 * test_diag_code.c - the diagnostics' line: written, read, and mistyped.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_test.h"
#include "diag/code.h"
#include "random.h"

#define BITS(name, bits, what) bits,
static const unsigned int field_bits[] = { CODE_FIELDS(BITS) };
#define FIELDS (sizeof(field_bits) / sizeof(field_bits[0]))

static struct code random_code(struct random *random)
{
	struct code code;
	uint32_t *values = (uint32_t *)&code;

	for (size_t i = 0; i < FIELDS; i++)
		values[i] = (uint32_t)random_next(random) &
			    UINT32_MAX >> (32 - field_bits[i]);
	return code;
}

static void check_reads(const char *text, const struct code *code)
{
	struct code read;
	const char *wrong = code_read(text, &read);

	if (wrong)
		fail_msg("%s: %s", text, wrong);
	assert_memory_equal(&read, code, sizeof(read));
}

static void test_there_and_back(void **state)
{
	struct random random = { 1 };

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct code code = random_code(&random);
		char text[CODE_TEXT_MAX];

		code_write(&code, text);
		assert_true(strlen(text) < CODE_TEXT_MAX);
		assert_true(strlen(text) < 78);
		check_reads(text, &code);
	}
}

static void test_fields_are_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < FIELDS; i++) {
		struct code code = { 0 };
		char text[CODE_TEXT_MAX];

		((uint32_t *)&code)[i] = UINT32_MAX >> (32 - field_bits[i]);
		code_write(&code, text);
		check_reads(text, &code);
	}
}

/* What has no room becomes the largest value, and spoils no other. */
static void test_too_large(void **state)
{
	struct code code = { .heads = 100000, .low_k = 639 }, read;
	char text[CODE_TEXT_MAX];

	(void)state;
	code_write(&code, text);
	assert_null(code_read(text, &read));
	assert_int_equal(read.heads, 511);
	assert_int_equal(read.track_sectors, 0);
	assert_int_equal(read.low_k, 639);
}

static void test_copied_by_hand(void **state)
{
	struct random random = { 2 };
	struct code code = random_code(&random);
	char text[CODE_TEXT_MAX], copy[200];
	char *to = copy + sprintf(copy, "the line was: ");

	(void)state;
	code_write(&code, text);
	for (const char *from = text; *from; from++) {
		*to = (char)tolower(*from);
		if (*from == '-' && from > text + 10)
			*to = ' ';
		if (*from == '0')
			*to = 'o';
		if (*from == '1')
			*to = from[-1] == 'L' ? 'i' : 'l';
		to++;
	}
	strcpy(to, "\nthank you");
	check_reads(copy, &code);
}

/* Any other digit in any place. */
static void test_mistyped(void **state)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	struct random random = { 3 };
	struct code code = random_code(&random), read;
	char text[CODE_TEXT_MAX];

	(void)state;
	code_write(&code, text);
	for (char *at = text + 4; *at; at++) {
		char right = *at;

		if (right == '-')
			continue;
		for (const char *digit = digits; *digit; digit++) {
			*at = *digit;
			assert_int_equal(!code_read(text, &read),
					 *digit == right);
		}
		*at = right;
	}
}

/* Two neighbours that changed places. */
static void test_swapped(void **state)
{
	struct random random = { 4 };
	struct code code = random_code(&random), read;
	char text[CODE_TEXT_MAX];

	(void)state;
	code_write(&code, text);
	for (char *at = text + 4; at[1]; at++) {
		char first = at[0], second = at[1];

		if (first == '-' || second == '-' || first == second)
			continue;
		at[0] = second;
		at[1] = first;
		assert_string_equal(code_read(text, &read),
				    "its checksum is wrong: some character is "
				    "another");
		at[0] = first;
		at[1] = second;
	}
}

static void test_no_code(void **state)
{
	struct code code = { 0 };
	char text[CODE_TEXT_MAX];

	(void)state;
	assert_string_equal(code_read("", &code), "it does not begin with FL2");
	assert_string_equal(code_read("FL1-00000", &code),
			    "it does not begin with FL2");
	code_write(&code, text);
	text[20] = '\0';
	assert_string_equal(code_read(text, &code),
			    "it is too short, or has a character that no code "
			    "has");
	code_write(&code, text);
	text[20] = 'U';
	assert_string_equal(code_read(text, &code),
			    "it is too short, or has a character that no code "
			    "has");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_fields_are_apart),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_copied_by_hand),
		cmocka_unit_test(test_mistyped),
		cmocka_unit_test(test_swapped),
		cmocka_unit_test(test_no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
