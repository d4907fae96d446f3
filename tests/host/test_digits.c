/*
 * test_digits.c - counting and writing digits, with and without leading zeros.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_test.h"
#include "digits.h"
#include "guarded.h"
#include "random.h"

/* The digits of `value` by the host libc; the base has `bits` per digit. */
static unsigned int libcs_digits(char *text, uint64_t value, unsigned int bits)
{
	switch (bits) {
	case 0:
		return (unsigned int)sprintf(text, "%" PRIu64, value);
	case 3:
		return (unsigned int)sprintf(text, "%" PRIo64, value);
	default:
		return (unsigned int)sprintf(text, "%" PRIx64, value);
	}
}

static void write_digits(char *to, unsigned int digits, uint64_t value,
			 unsigned int bits)
{
	if (bits)
		digits_write_power2(to, digits, value, bits, digits_lower);
	else
		digits_write_decimal(to, digits, value);
}

static void check(uint64_t value, unsigned int bits, unsigned int zeros)
{
	static char *end;
	char expected[2 * DIGITS_MAX];
	unsigned int length, digits;

	if (!end)
		end = (char *)guarded_area(4096) + 4096;
	memset(expected, '0', DIGITS_MAX);
	length = libcs_digits(expected + DIGITS_MAX, value, bits);
	assert_int_equal(digits_count(value, bits), length);
	digits = length + zeros < DIGITS_MAX ? length + zeros : DIGITS_MAX;
	end[-(int)digits - 1] = '#';
	write_digits(end - digits, digits, value, bits);
	assert_memory_equal(end - digits,
			    expected + DIGITS_MAX + length - digits, digits);
	assert_int_equal(end[-(int)digits - 1], '#');
}

static void check_bases(uint64_t value, unsigned int zeros)
{
	check(value, 0, zeros);
	check(value, 3, zeros);
	check(value, 4, zeros);
}

static void test_borders(void **state)
{
	uint64_t ten = 1;

	(void)state;
	for (int power = 0; power < 64; power++, ten *= 10) {
		for (uint64_t near = 0; near < 3; near++) {
			check_bases(((uint64_t)1 << power) + near - 1, 0);
			if (power < 20)
				check_bases(ten + near - 1, 0);
		}
	}
}

static void test_leading_zeros(void **state)
{
	struct random rng = { 7 };

	(void)state;
	for (int i = 0; i < 20000; i++)
		check_bases(random_magnitude(&rng),
			    random_below(&rng, DIGITS_MAX));
}

static void test_binary_and_nothing(void **state)
{
	char text[DIGITS_MAX] = "#";

	(void)state;
	digits_write_decimal(text, 0, 0);
	digits_write_power2(text, 0, 0, 1, digits_lower);
	assert_int_equal(text[0], '#');
	assert_int_equal(digits_count(0, 1), 1);
	assert_int_equal(digits_count(UINT64_MAX, 1), 64);
	digits_write_power2(text, 6, 0x2A, 1, digits_upper);
	assert_memory_equal(text, "101010", 6);
}

static void test_upper_case(void **state)
{
	char text[16];

	(void)state;
	digits_write_power2(text, 16, 0x0123456789ABCDEF, 4, digits_upper);
	assert_memory_equal(text, "0123456789ABCDEF", 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_borders),
		cmocka_unit_test(test_leading_zeros),
		cmocka_unit_test(test_binary_and_nothing),
		cmocka_unit_test(test_upper_case),
	};

	return cmocka_run_group_tests_name("digits", tests, NULL, NULL);
}
