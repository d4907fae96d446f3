/*
 * test_format_types.c - kvsnprintf() reads each argument by the type that it
 * has (C17 7.21.6.1, 7.16.1.1). Any other type of that size gives the same
 * text on x86-64 and is undefined all the same, and no sanitizer sees it: so
 * va_arg() itself is watched here.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char types[256]; /* that were asked for, each with a blank */

static void note(const char *type)
{
	size_t used = strlen(types);

	snprintf(types + used, sizeof(types) - used, "%s ", type);
}

#undef va_arg
#define va_arg(args, type) \
	(note(NAME_OF((type){ 0 })), __builtin_va_arg(args, type))
#define NAME_OF(value)                                  \
	_Generic((value),                               \
		int: "int",                             \
		unsigned int: "unsigned",               \
		long: "long",                           \
		unsigned long: "unsigned-long",         \
		long long: "long-long",                 \
		unsigned long long: "unsigned-long-long", \
		const char *: "char*",                  \
		void *: "void*")

#include "lib/format.c"

#undef va_arg
#include "cmocka_test.h"

#define EXPECT(text_, types_, ...)                          \
	do {                                                \
		char text[64];                              \
                                                            \
		types[0] = '\0';                            \
		ksnprintf(text, sizeof(text), __VA_ARGS__); \
		assert_string_equal(text, text_);           \
		assert_string_equal(types, types_);         \
	} while (0)

static void test_signed(void **state)
{
	(void)state;
	EXPECT("-1", "int ", "%hhd", (signed char)-1);
	EXPECT("-2", "int ", "%hd", (short)-2);
	EXPECT("-3", "int ", "%d", -3);
	EXPECT("-4", "int ", "%i", -4);
	EXPECT("-5", "long ", "%ld", -5L);
	EXPECT("-6", "long-long ", "%lld", -6LL);
	EXPECT("-7", "long ", "%zd", (ptrdiff_t)-7);
	EXPECT("-8", "long ", "%jd", (intmax_t)-8);
	EXPECT("-9", "long ", "%td", (ptrdiff_t)-9);
}

/* What is shorter than an int has become one, and a signed one. */
static void test_unsigned(void **state)
{
	(void)state;
	EXPECT("255", "int ", "%hhu", (unsigned char)255);
	EXPECT("ffff", "int ", "%hx", (unsigned short)0xFFFF);
	EXPECT("4294967295", "unsigned ", "%u", 4294967295u);
	EXPECT("FFFFFFFE", "unsigned ", "%X", 0xFFFFFFFE);
	EXPECT("17", "unsigned ", "%o", 15u);
	EXPECT("18446744073709551615", "unsigned-long ", "%lu", ~0UL);
	EXPECT("fffffffffffffffe", "unsigned-long-long ", "%llx", ~1ULL);
	EXPECT("5", "unsigned-long ", "%zu", sizeof("four"));
	EXPECT("6", "unsigned-long ", "%ju", (uintmax_t)6);
	EXPECT("7", "unsigned-long ", "%tu", (size_t)7);
}

static void test_others(void **state)
{
	char array[] = "array";

	(void)state;
	EXPECT("c", "int ", "%c", 'c');
	EXPECT("array", "char* ", "%s", array);
	EXPECT("0x10", "void* ", "%p", (void *)16);
	EXPECT("    1 2", "int int unsigned ", "%*d %u", 5, 1, 2u);
	EXPECT("ar", "int char* ", "%.*s", 2, array);
	EXPECT("%", "", "%%");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed),
		cmocka_unit_test(test_unsigned),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests_name("format_types", tests, NULL, NULL);
}
