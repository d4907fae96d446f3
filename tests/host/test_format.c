/*
 * test_format.c - what lib/format.h promises beyond C, and C's own promises
 * against the host libc's snprintf().
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "format.h"
#include "format_diff.h"
#include "guarded.h"

/* Compilers refuse what these tests are about. */
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#pragma GCC diagnostic ignored "-Wformat-security"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wformat-invalid-specifier"
#else
#pragma GCC diagnostic ignored "-Wformat-overflow"
#endif

static char buffer[8192];

#define expect(text, ...)                                                    \
	do {                                                                 \
		int length = ksnprintf(buffer, sizeof(buffer), __VA_ARGS__); \
		assert_string_equal(buffer, text);                           \
		assert_int_equal(length, sizeof(text) - 1);                  \
	} while (0)

static void test_plain_text(void **state)
{
	(void)state;
	expect("", "%s", "");
	expect("light", "light");
	expect("100%", "100%%");
	expect("%%%", "%%%%%%");
}

static void test_integers(void **state)
{
	(void)state;
	expect("0 -1 2147483647 -2147483648", "%d %i %d %d", 0, -1, INT_MAX,
	       INT_MIN);
	expect("18446744073709551615 -9223372036854775808", "%lu %lld",
	       ULONG_MAX, LLONG_MIN);
	expect("-1 255 -1 65535", "%hhd %hhu %hd %hu", 255, -1, 65535, -1);
	expect("ff FF 0xff 0XFF 0 0xf", "%x %X %#x %#X %#x %#hhx", 255, 255,
	       255, 255, 0, 0x10F);
	expect("17 017 0 00", "%o %#o %#o %#.2o", 15, 15, 0, 0);
	expect("101 0b101 0 00000101", "%b %#b %#b %08b", 5, 5, 0, 5);
	expect("1 2 3 4", "%zu %jd %td %lx", (size_t)1, (intmax_t)2,
	       (ptrdiff_t)3, 4ul);
}

static void test_widths_and_precisions(void **state)
{
	(void)state;
	expect("[   42][42   ][00042][  042]", "[%5d][%-5d][%05d][%5.3d]", 42,
	       42, 42, 42);
	expect("[+1][ 1][-1][+001]", "[%+d][% d][%+d][%+.3d]", 1, 1, -1, 1);
	expect("[   7][7   ][07]", "[%*d][%*d][%.*d]", 4, 7, -4, 7, 2, 7);
	expect("[][ ][0][]", "[%.0d][%1.0x][%#.0o][%.d]", 0, 0, 0, 0);
	expect("[ab][  ab][ab  ]", "[%.2s][%4.2s][%-4.*s]", "abc", "abc", 2,
	       "abc");
	expect("[x][  x][x  ]", "[%c][%3c][%-3c]", 'x', 'x', 'x');
	expect("00000000deadbeef 0xdeadbeef", "%016lx %p", 0xDEADBEEFul,
	       (void *)0xDEADBEEF);
}

static void test_null(void **state)
{
	(void)state;
	expect("(null) [  (null)] (nil)", "%s [%8s] %p", NULL, NULL, NULL);
	expect("(null)", "%.3s", NULL);
}

/* What does not exist is shown; no argument is read from there on. */
static void test_bad_conversions(void **state)
{
	(void)state;
	expect("%!y", "%y");
	expect("1 %!y %s %n", "%d %y %s %n", 1);
	expect("%!n", "%n");
	expect("%!f %d", "%f %d");
	expect("%!s", "%ls");
	expect("%!c", "%hhc");
	expect("%!%", "%5%");
	expect("%!q", "%-08.3lq");
	expect("%!hd", "%hhhd");
}

static void test_format_ends_inside_a_conversion(void **state)
{
	(void)state;
	expect("a%!", "a%");
	expect("%!", "%-08");
	expect("%!", "%5.");
	expect("%!", "%ll");
}

static void test_sizes_are_bounded(void **state)
{
	(void)state;
	assert_int_equal(ksnprintf(NULL, 0, "%99999999999d", 1),
			 FORMAT_WIDTH_MAX);
	assert_int_equal(ksnprintf(NULL, 0, "%.99999999999d", 1),
			 FORMAT_WIDTH_MAX);
	assert_int_equal(ksnprintf(NULL, 0, "%*.*d", INT_MAX, INT_MAX, 1),
			 FORMAT_WIDTH_MAX);
	assert_int_equal(ksnprintf(NULL, 0, "%*d", INT_MIN, 1),
			 FORMAT_WIDTH_MAX);
	expect("x", "%.99999999999s", "x");
}

static void test_truncation(void **state)
{
	char *end = (char *)guarded_area(4096) + 4096;

	(void)state;
	for (size_t size = 0; size < 40; size++) {
		char *room = end - size;

		assert_int_equal(ksnprintf(room, size, "%s|%08x|%5d|%c",
					   "starlight", 0xBEEF, 42, '!'),
				 26);
		if (size)
			assert_int_equal(strlen(room),
					 size > 26 ? 26 : size - 1);
	}
	assert_memory_equal(end - 39, "starlight|0000beef|   42|!", 27);
}

static void test_string_without_nul(void **state)
{
	char *end = (char *)guarded_area(4096) + 4096;

	(void)state;
	memset(end - 5, 'x', 5);
	expect("xxxxx", "%.5s", end - 5);
	expect("xxx", "%.*s", 3, end - 3);
}

static void test_length_beyond_int(void **state)
{
	const size_t half = 1ul << 30;
	char *text = guarded_area(half);

	(void)state;
	memset(text, 'x', half - 1);
	assert_int_equal(ksnprintf(NULL, 0, "%s%s", text, text), INT_MAX - 1);
	assert_int_equal(ksnprintf(NULL, 0, "%s%s.", text, text), INT_MAX);
	assert_int_equal(ksnprintf(NULL, 0, "%s%s..", text, text), -1);
	munmap(text, half);
}

/* ---- Sinks ------------------------------------------------------------- */

struct collector {
	struct format_sink sink;
	char text[20000];
	size_t length;
	size_t writes;
};

static void collect(const struct format_sink *sink, const char *text,
		    size_t length)
{
	struct collector *collector = (struct collector *)(uintptr_t)sink;

	assert_in_range(length, 1, FORMAT_PIECE);
	memcpy(collector->text + collector->length, text, length);
	collector->length += length;
	collector->writes++;
}

static int collect_format(struct collector *collector, const char *format, ...)
{
	va_list args;
	int length;

	memset(collector, 0, sizeof(*collector));
	collector->sink.write = collect;
	va_start(args, format);
	length = kvformat(&collector->sink, format, args);
	va_end(args);
	assert_int_equal(collector->length, length);
	return length;
}

static void test_sink_gets_short_text_at_once(void **state)
{
	static struct collector collector;

	(void)state;
	assert_int_equal(collect_format(&collector, "%s %d\n", "line", 7), 7);
	assert_string_equal(collector.text, "line 7\n");
	assert_int_equal(collector.writes, 1);
	assert_int_equal(collect_format(&collector, "%255d.", 7), 256);
	assert_int_equal(collector.writes, 1);
}

static void test_sink_gets_nothing(void **state)
{
	static struct collector collector;

	(void)state;
	assert_int_equal(collect_format(&collector, "%s", ""), 0);
	assert_int_equal(collector.writes, 0);
}

static void test_sink_gets_long_text_whole(void **state)
{
	static struct collector collector;
	static char text[3000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	for (int width = 0; width < 700; width += 7) {
		const char *format = "<%*d|%.600x|%s|%064b>";

		collect_format(&collector, format, width, 42, 0xABC, text, 1);
		ksnprintf(buffer, sizeof(buffer), format, width, 42, 0xABC,
			  text, 1);
		assert_string_equal(collector.text, buffer);
	}
}

static void test_random_formats_equal_libcs(void **state)
{
	(void)state;
	assert_int_equal(format_diff(1, 100000), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_text),
		cmocka_unit_test(test_integers),
		cmocka_unit_test(test_widths_and_precisions),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_bad_conversions),
		cmocka_unit_test(test_format_ends_inside_a_conversion),
		cmocka_unit_test(test_sizes_are_bounded),
		cmocka_unit_test(test_truncation),
		cmocka_unit_test(test_string_without_nul),
		cmocka_unit_test(test_length_beyond_int),
		cmocka_unit_test(test_sink_gets_short_text_at_once),
		cmocka_unit_test(test_sink_gets_nothing),
		cmocka_unit_test(test_sink_gets_long_text_whole),
		cmocka_unit_test(test_random_formats_equal_libcs),
	};

	return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
