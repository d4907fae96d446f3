/*
 * test_command_line.c - kernel/command_line.c on the host.
 */
#include <stdio.h>
#include <string.h>

#include "boot/image.h"
#include "cmocka_test.h"
#include "kernel/command_line.h"

/* ---- Words that somebody obeys ------------------------------------------- */

static const char *sink(size_t n)
{
	static const char *const names[] = { "vga", "serial", NULL };

	return names[n];
}

static bool is_seven(const char *value)
{
	return strcmp(value, "7") == 0;
}

static const struct command_line_word known[] = {
	{ .name = "exit" },
	{ .name = "console",
	  .value = "SINK,...",
	  .needs_value = true,
	  .list = true,
	  .choice = sink },
	{ .name = "test", .value = "NAME", .choice = sink, .beginning = true },
	{ .name = "fire",
	  .value = "N",
	  .needs_value = true,
	  .takes = is_seven },
};

/* As link/kernel.ld has them: pointers, and a symbol behind the last. */
const struct command_line_word *const command_line_start[] = {
	&known[0], &known[1], &known[2], &known[3]
};
__asm__(".globl command_line_end\n"
	".set command_line_end, command_line_start + 4 * 8");
_Static_assert(sizeof(known) / sizeof(*known) == 4, "all are listed");

/* ---- Words --------------------------------------------------------------- */

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

/* Whether it is with a value or not. */
static void test_first_word_counts(void **state)
{
	const char *value = "?";

	(void)state;
	command_line_set("panic panic=ud exit=1 exit");
	assert_true(command_line_find("panic", &value));
	assert_null(value);
	assert_null(command_line_value("panic"));
	assert_true(command_line_find("exit", &value));
	assert_string_equal(value, "1");
	assert_false(command_line_has("exit"));
	assert_false(command_line_find("pani", &value));
	assert_false(command_line_find("panic=ud", &value));
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

/* As a foreign loader may leave it: no end, and no text. */
static void test_garbage(void **state)
{
	char text[CMDLINE_MAX + 20];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i % 255 + 1);
	command_line_set(text);
	assert_true(command_line_was_cut());
	assert_int_equal(strlen(command_line_text()), CMDLINE_MAX);
	for (const char *at = command_line_text(); *at; at++)
		assert_true((*at >= ' ' && *at <= '~') || *at == '\t');
	command_line_set("\x1b[2J exit \xff");
	assert_string_equal(command_line_text(), "?[2J exit ?");
	assert_true(command_line_has("exit"));
	assert_false(command_line_was_cut());
	text[CMDLINE_MAX] = '\0';
	command_line_set(text);
	assert_false(command_line_was_cut());
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

/* ---- Errors -------------------------------------------------------------- */

/* "no-such-word exti, ...": all of them. */
static void expect(const char *line, const char *errors)
{
	static const char *const names[] = {
		[COMMAND_LINE_NO_SUCH_WORD] = "no-word",
		[COMMAND_LINE_SAID_BEFORE] = "before",
		[COMMAND_LINE_NO_VALUE] = "missing",
		[COMMAND_LINE_VALUE] = "none-taken",
		[COMMAND_LINE_NO_SUCH_VALUE] = "no-value",
	};
	struct command_line_error error;
	char text[512] = "";

	command_line_set(line);
	for (size_t n = 0; command_line_error(n, &error); n++) {
		size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, "%s%s %s",
			 n ? ", " : "", names[error.wrong], error.word);
		assert_int_equal(!error.meant,
				 error.wrong == COMMAND_LINE_NO_SUCH_WORD);
		if (error.wrong != COMMAND_LINE_NO_SUCH_VALUE)
			continue;
		used = strlen(text);
		snprintf(text + used, sizeof(text) - used, " (%.*s)",
			 (int)error.length, error.part);
	}
	assert_string_equal(text, errors);
}

static void test_no_errors(void **state)
{
	(void)state;
	expect("", "");
	expect("exit console=vga,serial test fire=7", "");
	expect("console=serial test=se", "");
	expect("test=", "");
	expect("exit exit console=vga console=vga", "");
}

static void test_words_that_nobody_knows(void **state)
{
	(void)state;
	expect("exti", "no-word exti");
	expect("exi exit2 exit", "no-word exi, no-word exit2");
	expect("konsole=serial exti exti",
	       "no-word konsole=serial, no-word exti");
	expect("=vga", "no-word =vga");
	expect("EXIT", "no-word EXIT");
}

static void test_values_that_are_none(void **state)
{
	(void)state;
	expect("console=none", "no-value console=none (none)");
	expect("console=vga,foo", "no-value console=vga,foo (foo)");
	expect("console=foo,vga", "no-value console=foo,vga (foo)");
	expect("console=", "no-value console= ()");
	expect("console=vga,", "no-value console=vga, ()");
	expect("console=vg", "no-value console=vg (vg)");
	expect("console=vgaa", "no-value console=vgaa (vgaa)");
	expect("test=vga,serial", "no-value test=vga,serial (vga,serial)");
	expect("test=x", "no-value test=x (x)");
	expect("fire=8", "no-value fire=8 (8)");
}

static void test_values_where_none_belongs(void **state)
{
	(void)state;
	expect("exit=1", "none-taken exit=1");
	expect("exit=", "none-taken exit=");
	expect("console fire", "missing console, missing fire");
}

static void test_words_said_before(void **state)
{
	(void)state;
	expect("console=vga console=serial", "before console=serial");
	expect("test test=vga", "before test=vga");
	expect("test=vga test", "before test");
	expect("exit=1 exit", "none-taken exit=1, before exit");
}

static void test_many_errors(void **state)
{
	char text[CMDLINE_MAX + 1];
	struct command_line_error error;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < CMDLINE_MAX; i++)
		text[i] = i % 3 == 0 ? (char)('!' + i / 3 % 94) :
			  i % 3 == 1 ? (char)('A' + i / 3 / 94) :
				       ' ';
	text[CMDLINE_MAX] = '\0';
	command_line_set(text);
	while (command_line_error(n, &error))
		n++;
	assert_int_equal(n, (CMDLINE_MAX + 2) / 3);
}

static void test_usage(void **state)
{
	static const char *const usages[] = { "exit", "console=SINK,...",
					      "test[=NAME]", "fire=N" };
	char usage[COMMAND_LINE_USAGE];

	(void)state;
	for (size_t i = 0; i < sizeof(usages) / sizeof(*usages); i++) {
		command_line_usage(&known[i], usage);
		assert_string_equal(usage, usages[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_first_value_counts),
		cmocka_unit_test(test_first_word_counts),
		cmocka_unit_test(test_nothing_is_left_of_the_last),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_no_errors),
		cmocka_unit_test(test_words_that_nobody_knows),
		cmocka_unit_test(test_values_that_are_none),
		cmocka_unit_test(test_values_where_none_belongs),
		cmocka_unit_test(test_words_said_before),
		cmocka_unit_test(test_many_errors),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests_name("command_line", tests, NULL, NULL);
}
