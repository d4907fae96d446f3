/*
 * test_command_line.c - kernel/command_line.c on the host.
 */
#include <string.h>

#include "boot/image.h"
#include "cmocka_test.h"
#include "kernel/command_line.h"

static void test_words(void **state)
{
	(void)state;
	command_line_set("  exit\tconsole=vga,serial  test  ");
	assert_true(command_line_has("exit"));
	assert_true(command_line_has("test"));
	assert_false(command_line_has("exi"));
	assert_false(command_line_has("exit "));
	assert_false(command_line_has("console"));
	assert_string_equal(command_line_value("console"), "vga,serial");
	assert_null(command_line_value("test"));
	assert_null(command_line_value("onsole"));
}

static void test_first_value_counts(void **state)
{
	(void)state;
	command_line_set("a=1 a=2 b= c=x=y");
	assert_string_equal(command_line_value("a"), "1");
	assert_string_equal(command_line_value("b"), "");
	assert_string_equal(command_line_value("c"), "x=y");
}

static void test_nothing_is_left_of_the_last(void **state)
{
	(void)state;
	command_line_set("a long line with exit");
	command_line_set("a");
	assert_false(command_line_has("exit"));
	command_line_set("");
	assert_false(command_line_has("a"));
	assert_false(command_line_has(""));
}

/* The longest one that fits, of the longest and of the shortest words. */
static void test_full(void **state)
{
	char text[CMDLINE_MAX + 20];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	command_line_set(text);
	text[CMDLINE_MAX] = '\0';
	assert_true(command_line_has(text));
	for (size_t i = 1; i < CMDLINE_MAX; i += 2)
		text[i] = ' ';
	text[CMDLINE_MAX - 1] = 'z';
	command_line_set(text);
	assert_true(command_line_has("z"));
}

static void test_lists(void **state)
{
	(void)state;
	assert_true(list_has("vga,serial,e9", "vga"));
	assert_true(list_has("vga,serial,e9", "serial"));
	assert_true(list_has("vga,serial,e9", "e9"));
	assert_false(list_has("vga,serial,e9", "e"));
	assert_false(list_has("vga,serial,e9", "ga"));
	assert_false(list_has("", "vga"));
	assert_false(list_has(NULL, "vga"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_first_value_counts),
		cmocka_unit_test(test_nothing_is_left_of_the_last),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_lists),
	};

	return cmocka_run_group_tests_name("command_line", tests, NULL, NULL);
}
