/*
 * test_crc32c.c - both ways to a CRC-32C against the standard's vectors,
 * the definition, and each other.
 */
#include <string.h>

#include "cmocka_test.h"
#include "crc32c.h"
#include "guarded.h"
#include "random.h"

/* What both ways look like. */
typedef uint32_t crc_function(uint32_t crc, const void *data, size_t length);

/* By the definition, bit by bit. */
static uint32_t crc32c_by_bits(uint32_t crc, const void *data, size_t length)
{
	const uint8_t *at = data;

	crc = ~crc;
	for (; length; length--) {
		crc ^= *at++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
	}
	return ~crc;
}

/* Skips, visibly, where the host has no SSE4.2. */
static void need_sse42(void)
{
	if (!__builtin_cpu_supports("sse4.2"))
		skip();
}

/* RFC 3720, B.4; the last is the usual check value. */
static void check_vectors(crc_function *crc)
{
	uint8_t data[32];
	static const uint8_t read_command[48] = {
		0x01,	     0xC0,	  [16] = 0x14, [22] = 0x04,
		[27] = 0x14, [31] = 0x18, [32] = 0x28, [40] = 0x02,
	};

	memset(data, 0, 32);
	assert_int_equal(crc(0, data, 32), 0x8A9136AA);
	memset(data, 0xFF, 32);
	assert_int_equal(crc(0, data, 32), 0x62A8AB43);
	for (size_t i = 0; i < 32; i++)
		data[i] = (uint8_t)i;
	assert_int_equal(crc(0, data, 32), 0x46DD794E);
	for (size_t i = 0; i < 32; i++)
		data[i] = (uint8_t)(31 - i);
	assert_int_equal(crc(0, data, 32), 0x113FDB5C);
	assert_int_equal(crc(0, read_command, 48), 0xD9963A56);
	assert_int_equal(crc(0, "123456789", 9), 0xE3069283);
	assert_int_equal(crc(0, "", 0), 0);
}

/* Every length, many starts; no byte is read beyond the end. */
static void check_against_bits(crc_function *crc)
{
	struct random rng = { 2 };
	uint8_t *end = (uint8_t *)guarded_area(4096) + 4096;

	for (size_t length = 0; length < 600; length++) {
		uint8_t *data = end - length;
		uint32_t start = (uint32_t)random_next(&rng);

		for (size_t i = 0; i < length; i++)
			data[i] = (uint8_t)random_next(&rng);
		assert_int_equal(crc(start, data, length),
				 crc32c_by_bits(start, data, length));
	}
}

static void check_chaining(crc_function *crc)
{
	struct random rng = { 3 };
	uint8_t data[1000];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)random_next(&rng);
	for (size_t cut = 0; cut <= sizeof(data); cut++)
		assert_int_equal(crc(crc(0, data, cut), data + cut,
				     sizeof(data) - cut),
				 crc(0, data, sizeof(data)));
}

static void test_vectors(void **state)
{
	(void)state;
	check_vectors(crc32c_by_bits);
	check_vectors(crc32c);
}

static void test_vectors_sse42(void **state)
{
	(void)state;
	need_sse42();
	check_vectors(crc32c_sse42);
}

static void test_lengths_and_alignments(void **state)
{
	(void)state;
	check_against_bits(crc32c);
}

static void test_lengths_and_alignments_sse42(void **state)
{
	(void)state;
	need_sse42();
	check_against_bits(crc32c_sse42);
}

static void test_chaining(void **state)
{
	(void)state;
	check_chaining(crc32c);
}

static void test_chaining_sse42(void **state)
{
	(void)state;
	need_sse42();
	check_chaining(crc32c_sse42);
}

static void test_large(void **state)
{
	const size_t length = 5 << 20;
	uint8_t *data = guarded_area(length);
	struct random rng = { 4 };

	(void)state;
	need_sse42();
	for (size_t i = 0; i < length; i++)
		data[i] = (uint8_t)random_next(&rng);
	assert_int_equal(crc32c(0, data, length),
			 crc32c_sse42(0, data, length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_vectors_sse42),
		cmocka_unit_test(test_lengths_and_alignments),
		cmocka_unit_test(test_lengths_and_alignments_sse42),
		cmocka_unit_test(test_chaining),
		cmocka_unit_test(test_chaining_sse42),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests_name("crc32c", tests, NULL, NULL);
}
