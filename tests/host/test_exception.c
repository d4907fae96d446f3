/*
 * test_exception.c - the CPU's exceptions in words.
 */
#include <stdbool.h>
#include <string.h>

#include "boot/x86.h"
#include "cmocka_test.h"
#include "exception.h"

/* SDM 3A, "Protected-Mode Exceptions and Interrupts"; APM 2, "Vectors". */
static const struct {
	const char *mnemonic;
	bool error_code;
} manual[EXCEPTIONS] = {
	{ "#DE ", false }, { "#DB ", false }, { "NMI ", false },
	{ "#BP ", false }, { "#OF ", false }, { "#BR ", false },
	{ "#UD ", false }, { "#NM ", false }, { "#DF ", true },
	{ "rese", false }, { "#TS ", true },  { "#NP ", true },
	{ "#SS ", true },  { "#GP ", true },  { "#PF ", true },
	{ "rese", false }, { "#MF ", false }, { "#AC ", true },
	{ "#MC ", false }, { "#XM ", false }, { "#VE ", false },
	{ "#CP ", true },  { "rese", false }, { "rese", false },
	{ "rese", false }, { "rese", false }, { "rese", false },
	{ "rese", false }, { "#HV ", false }, { "#VC ", true },
	{ "#SX ", true },  { "rese", false },
};

static void test_every_vector(void **state)
{
	(void)state;
	for (unsigned int vector = 0; vector < EXCEPTIONS; vector++) {
		const char *name = exception_name(vector);
		const char *mnemonic = manual[vector].mnemonic;

		assert_memory_equal(name, mnemonic, strlen(mnemonic));
		assert_in_range(strlen(name), 8, 32);
		assert_int_equal(exception_has_error_code(vector),
				 manual[vector].error_code);
	}
	assert_string_equal(exception_name(14), "#PF page fault");
	assert_string_equal(exception_name(31), "reserved");
}

static void test_not_an_exception(void **state)
{
	const unsigned int vectors[] = { 32, 33, 40, 64, 255, 256, ~0u };

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		assert_string_equal(exception_name(vectors[i]),
				    "not an exception");
		assert_false(exception_has_error_code(vectors[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_vector),
		cmocka_unit_test(test_not_an_exception),
	};

	return cmocka_run_group_tests_name("exception", tests, NULL, NULL);
}
