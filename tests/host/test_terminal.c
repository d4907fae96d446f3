/*
 * test_terminal.c - what terminals send, whole and in pieces.
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "random.h"
#include "terminal.h"

static struct terminal terminal;

/* The keys of `text` are `keys`, ended by KEY_NONE. */
static void expect(const char *text, const uint16_t *keys)
{
	memset(&terminal, 0, sizeof(terminal));
	for (; *text; text++) {
		uint16_t key = terminal_take(&terminal, (uint8_t)*text);

		if (key)
			assert_int_equal(key, *keys++);
	}
	assert_int_equal(*keys, KEY_NONE);
}

#define EXPECT(text, ...) expect(text, (const uint16_t[]){ __VA_ARGS__, 0 })

static void test_characters(void **state)
{
	(void)state;
	EXPECT("a ~", 'a', ' ', '~');
	EXPECT("\x01\x03\x1A\x1C", 'a' | KEY_CTRL, 'c' | KEY_CTRL,
	       'z' | KEY_CTRL, '\\' | KEY_CTRL);
	EXPECT("\x7F\b\t", KEY_BACKSPACE, KEY_BACKSPACE, KEY_TAB);
	EXPECT("\xC3\xA4z", 'z');
}

static void test_line_ends(void **state)
{
	(void)state;
	EXPECT("\r\r", KEY_ENTER, KEY_ENTER);
	EXPECT("\n\n", KEY_ENTER, KEY_ENTER);
	EXPECT("a\r\nb\r\n", 'a', KEY_ENTER, 'b', KEY_ENTER);
}

static void test_cursor_keys(void **state)
{
	(void)state;
	EXPECT("\x1B[A\x1B[B\x1B[C\x1B[D", KEY_UP, KEY_DOWN, KEY_RIGHT,
	       KEY_LEFT);
	EXPECT("\x1BOA\x1BOB\x1BOC\x1BOD", KEY_UP, KEY_DOWN, KEY_RIGHT,
	       KEY_LEFT);
	EXPECT("\x1B[H\x1B[F\x1B[1~\x1B[4~\x1B[7~\x1B[8~\x1BOH\x1BOF", KEY_HOME,
	       KEY_END, KEY_HOME, KEY_END, KEY_HOME, KEY_END, KEY_HOME,
	       KEY_END);
	EXPECT("\x1B[2~\x1B[3~\x1B[5~\x1B[6~", KEY_INSERT, KEY_DELETE,
	       KEY_PAGE_UP, KEY_PAGE_DOWN);
}

static void test_function_keys(void **state)
{
	(void)state;
	EXPECT("\x1BOP\x1BOS\x1B[15~\x1B[24~", KEY_F1, KEY_F1 + 3, KEY_F1 + 4,
	       KEY_F12);
	EXPECT("\x1B[[A\x1B[[E", KEY_F1, KEY_F1 + 4);
	EXPECT("\x1B[16~\x1B[25~\x1B[255~\x1B[1234567890~z", 'z');
}

static void test_modifiers(void **state)
{
	(void)state;
	EXPECT("\x1B[1;5C\x1B[3;3~\x1B[1;2A\x1B[1;8H", KEY_RIGHT | KEY_CTRL,
	       KEY_DELETE | KEY_ALT, KEY_UP | KEY_SHIFT,
	       KEY_HOME | KEY_SHIFT | KEY_ALT | KEY_CTRL);
	EXPECT("\x1B[Z\x1Bx\x1B[1;9A\x1B[1;1A", KEY_TAB | KEY_SHIFT,
	       'x' | KEY_ALT, KEY_UP, KEY_UP);
}

/* A sequence that is broken off leaves nothing behind. */
static void test_broken_sequences(void **state)
{
	(void)state;
	EXPECT("\x1B\x1B[A", KEY_ESCAPE, KEY_UP);
	EXPECT("\x1B[1;\x1B[B", KEY_DOWN);
	EXPECT("\x1B[12\rx", KEY_ENTER, 'x');
	EXPECT("\x1BO\rx", KEY_ENTER, 'x');
	EXPECT("\x1B[[z", KEY_NONE);
	EXPECT("\x1B[?25hz\x1B[1;2;3;4;5Az", 'z', KEY_UP | KEY_SHIFT, 'z');
	EXPECT("\x1B[\x80z", 'z');
}

static void test_garbage(void **state)
{
	static const char often[] = "\x1B\x1B\x1B[[[;;0123456789~ABCOZ";
	struct random rng = { 2 };

	(void)state;
	for (int i = 0; i < 1000000; i++) {
		uint32_t at = random_below(&rng, 2 * sizeof(often));
		uint8_t byte = at < sizeof(often) ?
				       (uint8_t)often[at] :
				       (uint8_t)random_below(&rng, 256);
		uint16_t key = terminal_take(&terminal, byte);
		uint8_t code = (uint8_t)key;

		assert_true(key == KEY_NONE || (code >= ' ' && code <= '~') ||
			    (code >= KEY_ENTER && code <= KEY_F12));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_cursor_keys),
		cmocka_unit_test(test_function_keys),
		cmocka_unit_test(test_modifiers),
		cmocka_unit_test(test_broken_sequences),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
