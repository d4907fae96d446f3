/*
 * test_diag_format.c - the pages' little printf() beside the host's.
 */
#include <stdio.h>
#include <string.h>

#include "cmocka_test.h"
#include "diag/format.h"

#define SIZE 40

__attribute__((format(printf, 1, 2))) static void check(const char *format, ...)
{
	char ours[SIZE], theirs[SIZE];
	va_list args;
	size_t length;

	va_start(args, format);
	length = format_line(ours, sizeof(ours), format, args);
	va_end(args);
	va_start(args, format);
	vsnprintf(theirs, sizeof(theirs), format, args);
	va_end(args);
	assert_string_equal(ours, theirs);
	assert_int_equal(length, strlen(theirs));
}

static void test_like_the_host(void **state)
{
	(void)state;
	check("plain text");
	check("%s and %s", "one", "two");
	check("[%s]", "");
	check("[%-10s][%10s][%2s]", "left", "right", "wider");
	check("%u %u %u", 0u, 7u, 4294967295u);
	check("[%5u][%-5u][%05u]", 42u, 42u, 42u);
	check("%X %X %X", 0u, 0xABCDEFu, 0xFFFFFFFFu);
	check("[%02X][%08X][%4X]", 5u, 0xBEEFu, 0x12345u);
	check("%c%c", 'a', 'z');
	check("100%%");
}

static void test_cut(void **state)
{
	(void)state;
	check("%s", "a text that has more characters than there is room for");
	check("%100u", 1u);
	check("%-100u", 1u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_the_host),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
