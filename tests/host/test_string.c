/*
 * test_string.c - lib/string.c gives what the host libc gives.
 */
#include <stdbool.h>
#include <string.h>

#include "cmocka_test.h"
#include "guarded.h"
#include "random.h"

/* Declares own_memcpy() and so on. */
#include "own_string.h"
#include "lib/string.h"
#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr
#undef strchrnul

#define AREA 4096
#define ROUNDS 20000

static struct random rng;

/* Behind each lies a page that faults. */
static unsigned char *ours;
static unsigned char *libcs;
static unsigned char *source;

static void fill(unsigned char *area)
{
	for (size_t i = 0; i < AREA; i += 8) {
		uint64_t word = random_next(&rng);

		memcpy(area + i, &word, 8);
	}
}

/* Lengths where the code changes its way come often. */
static size_t random_length(size_t max)
{
	size_t length = random_below(&rng, 2) ? random_below(&rng, 40) :
						random_below(&rng, 400);

	return length < max ? length : max;
}

/* Somewhere, or up to the very end. */
static size_t random_start(size_t length)
{
	uint32_t most = (uint32_t)(AREA - length);

	return random_below(&rng, 2) ? most : random_below(&rng, most + 1);
}

static void test_memcpy(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t length = random_length(AREA);
		size_t to = random_start(length);
		size_t from = random_start(length);

		fill(source);
		memcpy(ours, libcs, AREA);
		assert_ptr_equal(own_memcpy(ours + to, source + from, length),
				 ours + to);
		memcpy(libcs + to, source + from, length);
		assert_memory_equal(ours, libcs, AREA);
	}
}

static void test_memmove(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t length = random_length(AREA - 32);
		size_t from = random_start(length + 32);
		size_t to = random_below(&rng, 2) ?
				    random_start(length) :
				    from + random_below(&rng, 32);

		if (random_below(&rng, 2)) {
			size_t swap = from;

			from = to;
			to = swap;
		}
		fill(ours);
		memcpy(libcs, ours, AREA);
		assert_ptr_equal(own_memmove(ours + to, ours + from, length),
				 ours + to);
		memmove(libcs + to, libcs + from, length);
		assert_memory_equal(ours, libcs, AREA);
	}
}

static void test_memset(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t length = random_length(AREA);
		size_t to = random_start(length);
		int byte = (int)random_next(&rng);

		fill(ours);
		memcpy(libcs, ours, AREA);
		assert_ptr_equal(own_memset(ours + to, byte, length),
				 ours + to);
		memset(libcs + to, byte, length);
		assert_memory_equal(ours, libcs, AREA);
	}
}

static int sign(int value)
{
	return (value > 0) - (value < 0);
}

static void test_memcmp(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t length = random_length(AREA);
		unsigned char *a = ours + AREA - length;
		unsigned char *b = libcs + AREA - length;

		fill(ours);
		memcpy(libcs, ours, AREA);
		if (length)
			b[random_below(&rng, (uint32_t)length)] ^=
				(unsigned char)random_next(&rng);
		assert_int_equal(sign(own_memcmp(a, b, length)),
				 sign(memcmp(a, b, length)));
	}
}

/* Ends where its memory ends. Alphabet of two letters: many near misses. */
static char *random_string(unsigned char *area)
{
	size_t length = random_length(AREA - 1);
	char *text = (char *)area + AREA - length - 1;

	for (size_t i = 0; i < length; i++)
		text[i] = random_below(&rng, 8) ? 'a' : (char)0xE4;
	text[length] = '\0';
	return text;
}

static void test_strlen_strnlen(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const char *text = random_string(ours);
		size_t max = random_length(AREA);

		assert_int_equal(own_strlen(text), strlen(text));
		assert_int_equal(own_strnlen(text, max), strnlen(text, max));
	}
	assert_int_equal(own_strnlen("abc", SIZE_MAX), 3);
}

/* strnlen() must not look behind `max` bytes: there need not be a NUL. */
static void test_strnlen_unterminated(void **state)
{
	(void)state;
	memset(ours, 'a', AREA);
	for (size_t max = 0; max <= 64; max++)
		assert_int_equal(own_strnlen((char *)ours + AREA - max, max),
				 max);
}

static void test_strcmp_strncmp(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const char *left = random_string(ours);
		const char *right = random_string(libcs);
		size_t max = random_length(AREA);

		assert_int_equal(sign(own_strcmp(left, right)),
				 sign(strcmp(left, right)));
		assert_int_equal(sign(own_strncmp(left, right, max)),
				 sign(strncmp(left, right, max)));
		assert_int_equal(own_strcmp(left, left), 0);
	}
}

static void test_strchr_strchrnul(void **state)
{
	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		const char *text = random_string(ours);
		int wanted = (int)"a\xE4zb"[random_below(&rng, 5)];

		const char *found = strchr(text, wanted);

		assert_ptr_equal(own_strchr(text, wanted), found);
		assert_ptr_equal(own_strchrnul(text, wanted),
				 found ? found : text + strlen(text));
	}
}

static int set_up(void **state)
{
	(void)state;
	rng.state = 1;
	ours = guarded_area(AREA);
	libcs = guarded_area(AREA);
	source = guarded_area(AREA);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_memcpy, set_up),
		cmocka_unit_test_setup(test_memmove, set_up),
		cmocka_unit_test_setup(test_memset, set_up),
		cmocka_unit_test_setup(test_memcmp, set_up),
		cmocka_unit_test_setup(test_strlen_strnlen, set_up),
		cmocka_unit_test_setup(test_strnlen_unterminated, set_up),
		cmocka_unit_test_setup(test_strcmp_strncmp, set_up),
		cmocka_unit_test_setup(test_strchr_strchrnul, set_up),
	};

	return cmocka_run_group_tests_name("string", tests, NULL, NULL);
}
