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
}

/* One '?' for each, in UTF-8 and in Latin-1. */
static void test_other_characters(void **state)
{
	(void)state;
	EXPECT("\xC3\xA4z", '?', 'z');
	EXPECT("\xC2\xA7z\xC3\x9F\xE2\x82\xACz\xF0\x9F\x98\x80z", '?', 'z', '?',
	       '?', 'z', '?', 'z');
	EXPECT("\xE4z\xE4\xF6\xFCz\xA7z", '?', 'z', '?', '?', '?', 'z', '?',
	       'z');
	EXPECT("\x1BNaz\x8E"
	       "az",
	       '?', 'z', '?', 'z');
	/* Half of one. */
	EXPECT("\xC2z", 'z' | KEY_LOST);
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
	EXPECT("\x1BO5C\x1BO2P\x1BO1;2Pz", KEY_RIGHT | KEY_CTRL,
	       KEY_F1 | KEY_SHIFT, KEY_F1 | KEY_SHIFT, 'z');
}

/* As sent after ESC =, which an editor may have left behind. */
static void test_keypad(void **state)
{
	(void)state;
	EXPECT("\x1BOp\x1BOq\x1BOy\x1BOj\x1BOk\x1BOm\x1BOn\x1BOo\x1BOX\x1BOM",
	       '0', '1', '9', '*', '+', '-', '.', '/', '=', KEY_ENTER);
}

/* ESC before a key that is a control character is a key of its own. */
static void test_escape_before_controls(void **state)
{
	(void)state;
	EXPECT("\x1B\x03\x1B\r\n\x1B\x7F\x1B\t", 'c' | KEY_CTRL, KEY_ENTER,
	       KEY_BACKSPACE, KEY_TAB);
}

/* What a terminal tells without a key being pressed: who it is, where the
 * cursor is, that it has the focus, where the mouse is. */
static void test_answers_are_no_keys(void **state)
{
	(void)state;
	EXPECT("A\x1B[?62;c\x1B[>0;276;0cB", 'A', 'B');
	EXPECT("A\x1B[?2026;2$y\x1B[2 qB", 'A', 'B');
	EXPECT("A\x1B[?1A\x1B[1 A\x1B[<0;3;4A\x1B[1:2AB", 'A', 'B');
	EXPECT("A\x1B[I\x1B[OB", 'A', 'B');
	EXPECT("A\x1B[<0;10;20M\x1B[<0;10;20m\x1B[32;10;20MB", 'A', 'B');
	EXPECT("\x1B[200~A\rB\x1B[201~C", 'A', KEY_ENTER, 'B', 'C');
	EXPECT("\x1B[?25hz\x1B[1;2;3;4;5Az", 'z', KEY_UP | KEY_SHIFT, 'z');
}

/* X10's mouse: whatever the three bytes are. */
static void test_mouse(void **state)
{
	(void)state;
	EXPECT("A\x1B[M #!B", 'A', 'B');
	EXPECT("A\x1B[M@\xC3\x9D"
	       "B",
	       'A', 'B');
	EXPECT("A\x9BM\x7F\xFF\xE2"
	       "B",
	       'A', 'B');
	EXPECT("A\x1B[M \rB", 'A', KEY_ENTER | KEY_LOST, 'B');
	EXPECT("A\x1B[M \x1B[AB", 'A', KEY_UP | KEY_LOST, 'B');
}

static void test_strings(void **state)
{
	(void)state;
	/* OSC, DCS, SOS, PM, APC; BEL or ST; in seven bits, eight, UTF-8 */
	EXPECT("A\x1B]11;rgb:0/0/0\aB", 'A', 'B');
	EXPECT("A\x1B]11;rgb:0/0/0\x1B\\B", 'A', 'B');
	EXPECT("A\x1BP1$r0m\x1B\\B\x1BXany\x1B\\C", 'A', 'B', 'C');
	EXPECT("A\x1B^private\x1B\\B\x1B_Gi=1;OK\x1B\\C", 'A', 'B', 'C');
	EXPECT("A\x9D"
	       "11;?\x9C"
	       "B\x90x\x1B\\C\x98x\x9CZ",
	       'A', 'B', 'C', 'Z');
	EXPECT("A\x9Ex\x9C"
	       "B\x9Fx\x9C"
	       "C",
	       'A', 'B', 'C');
	EXPECT("A\xC2\x9D"
	       "11;?\xC2\x9C"
	       "B\xC2\x9B"
	       "AC",
	       'A', 'B', KEY_UP, 'C');
	/* A title; the second byte of U+00DC is no ST. */
	EXPECT("A\x1B]l\xC3\x9C x\x1B\\B", 'A', 'B');
	/* Controls of eight bits that begin nothing, and ST without a string */
	EXPECT("A\x85\x9C"
	       "B",
	       'A', 'B');
}

/* A string without an end does not swallow what is typed. */
static void test_strings_without_end(void **state)
{
	(void)state;
	EXPECT("A\x1B]11\x03z", 'A', 'c' | KEY_CTRL, 'z');
	EXPECT("A\x1B]11\x18z", 'A', 'z');
	EXPECT("A\x1B]11\x1Az", 'A', 'z');
	/* What a person may have typed is lost: it is said. */
	EXPECT("A\x1B]map\r\nz", 'A', KEY_ENTER | KEY_LOST, 'z');
	EXPECT("A\x1BPmap\nz", 'A', KEY_ENTER | KEY_LOST, 'z');
	EXPECT("A\x1B]11\x1B[Az", 'A', KEY_UP | KEY_LOST, 'z');
	EXPECT("A\x1B]11\x1Bz", 'A', 'z' | KEY_ALT | KEY_LOST);
	EXPECT("A\x1B]11\x1B\x1Bz", 'A', KEY_ESCAPE | KEY_LOST, 'z' | KEY_ALT);
	EXPECT("A\x1B]11\x9B"
	       "Az",
	       'A', KEY_UP | KEY_LOST, 'z');
	EXPECT("A\x1B]11\x1B\xC3\xA4z", 'A', '?' | KEY_LOST, 'z');
}

/* A sequence that is broken off leaves nothing behind, but is told. */
static void test_broken_sequences(void **state)
{
	(void)state;
	EXPECT("\x1B\x1B[A", KEY_ESCAPE, KEY_UP);
	EXPECT("\x1B[1;\x1B[B", KEY_DOWN | KEY_LOST);
	EXPECT("\x1B[12\rx", KEY_ENTER | KEY_LOST, 'x');
	EXPECT("\x1BO\rx", KEY_ENTER | KEY_LOST, 'x');
	EXPECT("\x1B[12\x03x\x1B[12\x18x\x18", 'c' | KEY_CTRL, 'x', 'x',
	       'x' | KEY_CTRL);
	EXPECT("\x1B[[z", KEY_NONE);
	EXPECT("\x1B[1[z\x1B[1Mz", 'z', 'z');
	EXPECT("\x1B[\x80z", 'z' | KEY_LOST);
}

static void test_garbage(void **state)
{
	static const char often[] =
		"\x1B\x1B\x1B[[[;;0123456789~ABCOZMP]\\\a\x9D\xC2";
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

/* Whatever came before, ctrl-C and enter are keys at once, and what is typed
 * behind them is, too. */
static void test_nothing_swallows_for_ever(void **state)
{
	static const char often[] = "\x1B\x1B\x1B[M]P_;09\x9B\x9D\xC2\xC3";
	struct random rng = { 3 };

	(void)state;
	for (int i = 0; i < 300000; i++) {
		uint16_t end = i % 2 ? 'c' | KEY_CTRL : KEY_ENTER;
		uint16_t key;

		for (uint32_t j = random_below(&rng, 8); j; j--)
			terminal_take(&terminal,
				      random_below(&rng, 4) ?
					      (uint8_t)often[random_below(
						      &rng, sizeof(often))] :
					      (uint8_t)random_below(&rng, 256));
		key = terminal_take(&terminal, i % 2 ? 3 : '\r');
		if (i % 2)
			assert_int_equal(key, end);
		else
			assert_int_equal(key & ~KEY_LOST, end);
		assert_int_equal(terminal_take(&terminal, 'z'), 'z');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_other_characters),
		cmocka_unit_test(test_line_ends),
		cmocka_unit_test(test_cursor_keys),
		cmocka_unit_test(test_function_keys),
		cmocka_unit_test(test_modifiers),
		cmocka_unit_test(test_keypad),
		cmocka_unit_test(test_escape_before_controls),
		cmocka_unit_test(test_answers_are_no_keys),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_strings_without_end),
		cmocka_unit_test(test_broken_sequences),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_nothing_swallows_for_ever),
	};

	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
