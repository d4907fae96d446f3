/*
 * test_line_editor.c - the line, and what a terminal shows of it.
 */
#include <stdio.h>

#include "cmocka_test.h"
#include "line_editor.h"
#include "random.h"
#include "row.h"

#define CTRL(letter) (KEY_CTRL | (letter))

static struct line_editor editor;
static struct row row;

static void write(const char *text, size_t length)
{
	assert_true(length > 0);
	for (size_t i = 0; i < length; i++)
		row_put(&row, text[i]);
	assert_false(row.left_it);
}

/* Commands in front, words for them behind. */
static const char *candidate(const char *line, size_t start, size_t n)
{
	static const char *const commands[] = { "help", "map", "page",
						"panic", "poweroff", NULL };
	static const char *const kinds[] = { "pf", "gp", "pfx", NULL };

	(void)line;
	return start ? kinds[n] : commands[n];
}

static const struct line_editor_user user = { write, candidate };

static void begin(void)
{
	memset(&row, 0, sizeof(row));
	row_clear(&row);
	line_editor_start(&editor, &user, "> ");
}

static enum line_result press(uint16_t key)
{
	return line_editor_key(&editor, key);
}

static void type(const char *text)
{
	for (; *text; text++)
		assert_int_equal(press((uint8_t)*text), LINE_EDITING);
}

static void press_often(uint16_t key, int times)
{
	for (; times; times--)
		assert_int_equal(press(key), LINE_EDITING);
}

/* '|' in `expected` is the cursor. */
static void expect(const char *expected)
{
	char line[LINE_MAX + 3], shown[ROW_COLUMNS + 3];
	size_t length = row_length(&row);

	snprintf(line, sizeof(line), "%.*s|%s", (int)editor.cursor, editor.line,
		 editor.line + editor.cursor);
	assert_string_equal(line, expected);
	if (length < row.cursor)
		length = row.cursor;
	snprintf(shown, sizeof(shown), "%.*s|%.*s", (int)row.cursor, row.text,
		 (int)(length - row.cursor), row.text + row.cursor);
	assert_memory_equal(shown, "> ", 2);
	if (strchr(expected, '\0')[-1] != ' ')
		assert_string_equal(shown + 2, expected);
}

static void test_typing(void **state)
{
	(void)state;
	begin();
	expect("|");
	type("help me");
	expect("help me|");
	press_often(KEY_LEFT, 2);
	type("to ");
	expect("help to |me");
	press_often(KEY_RIGHT, 9);
	expect("help to me|");
	press(KEY_HOME);
	type("!");
	expect("!|help to me");
	press(KEY_END);
	expect("!help to me|");
	press(CTRL('a'));
	press(CTRL('f'));
	expect("!|help to me");
	press(CTRL('e'));
	press(CTRL('b'));
	expect("!help to m|e");
}

static void test_removing(void **state)
{
	(void)state;
	begin();
	press(KEY_BACKSPACE);
	press(KEY_DELETE);
	press(CTRL('w'));
	expect("|");
	type("one two  three");
	press(KEY_BACKSPACE);
	press(CTRL('h'));
	expect("one two  thr|");
	press(CTRL('w'));
	expect("one two  |");
	press(CTRL('w'));
	expect("one |");
	type("two three");
	press_often(KEY_LEFT, 5);
	press(KEY_DELETE);
	press(CTRL('d'));
	expect("one two |ree");
	press(CTRL('k'));
	expect("one two |");
	press_often(KEY_LEFT, 4);
	press(CTRL('u'));
	expect("|two ");
	press(KEY_DELETE);
	expect("|wo ");
}

/* Keys that mean nothing do nothing. */
static void test_other_keys(void **state)
{
	(void)state;
	begin();
	type("a");
	press(KEY_F1);
	press(KEY_ESCAPE);
	press(KEY_PAUSE);
	press('x' | KEY_ALT);
	press(CTRL('g'));
	press(KEY_LEFT | KEY_ALT);
	expect("a|");
	assert_int_equal(press(CTRL('C')), LINE_ABANDONED);
}

/* Who has typed '_' may still hold shift. */
static void test_shift_held(void **state)
{
	(void)state;
	begin();
	type("a__");
	press(KEY_BACKSPACE | KEY_SHIFT);
	expect("a_|");
	press(KEY_LEFT | KEY_SHIFT);
	expect("a|_");
	assert_int_equal(press(KEY_ENTER | KEY_SHIFT), LINE_ENTERED);
	assert_string_equal(editor.line, "a_");
}

static void test_ends(void **state)
{
	(void)state;
	begin();
	type("first");
	press(KEY_HOME);
	assert_int_equal(press(KEY_ENTER), LINE_ENTERED);
	assert_string_equal(editor.line, "first");
	assert_string_equal(row.above, "> first\n");
	line_editor_begin(&editor);
	expect("|");
	type("second");
	press(KEY_LEFT);
	assert_int_equal(press(CTRL('c')), LINE_ABANDONED);
	assert_string_equal(row.above, "> first\n> second^C\n");
	line_editor_begin(&editor);
	press(KEY_UP);
	expect("first|");
	assert_int_equal(press(CTRL('m')), LINE_ENTERED);
}

static void test_clear(void **state)
{
	(void)state;
	begin();
	type("abc");
	press(KEY_LEFT);
	assert_int_equal(press(CTRL('l')), LINE_CLEAR);
	row_clear(&row);
	line_editor_show(&editor);
	expect("ab|c");
}

static void enter(const char *text)
{
	type(text);
	assert_int_equal(press(KEY_ENTER), LINE_ENTERED);
	line_editor_begin(&editor);
}

static void test_history(void **state)
{
	char text[3] = "";

	(void)state;
	begin();
	press(KEY_UP);
	press(KEY_DOWN);
	expect("|");
	enter("a");
	enter("b");
	enter("b");
	enter("");
	type("new");
	press(KEY_DOWN);
	expect("new|");
	press(KEY_UP);
	expect("b|");
	press(CTRL('p'));
	expect("a|");
	press(KEY_UP);
	expect("a|");
	type("c");
	press(CTRL('n'));
	expect("b|");
	press(KEY_DOWN);
	expect("new|");
	/* The oldest are forgotten. */
	press(CTRL('u'));
	for (int i = 0; i < LINE_HISTORY + 5; i++) {
		text[0] = (char)('A' + i);
		enter(text);
	}
	press_often(KEY_UP, 100);
	expect("F|");
	enter("");
	press(KEY_UP);
	expect("F|");
}

static void test_completion(void **state)
{
	(void)state;
	begin();
	type("h");
	press(KEY_TAB);
	expect("help |");
	press(CTRL('u'));
	type("q");
	press(KEY_TAB);
	expect("q|");
	press(CTRL('u'));
	type("pa");
	press(KEY_TAB);
	assert_string_equal(row.above, "> pa\npage  panic\n");
	expect("pa|");
	type("n p");
	press(KEY_TAB);
	expect("pan pf|");
	press(CTRL('i'));
	assert_string_equal(row.above,
			    "> pa\npage  panic\n> pan pf\npf  pfx\n");
	/* In the middle of the line. */
	press(KEY_HOME);
	press_often(KEY_RIGHT, 3);
	press(KEY_TAB);
	expect("panic | pf");
}

static int digits;
static size_t word_count;

/* A list that needs more than a row. */
static const char *many(const char *line, size_t start, size_t n)
{
	static char words[400][12];

	(void)line;
	(void)start;
	if (n >= word_count)
		return NULL;
	snprintf(words[n], sizeof(words[n]), "word%0*zu", digits, n);
	return words[n];
}

static void test_long_lists(void **state)
{
	static const struct line_editor_user other = { write, many };

	(void)state;
	digits = 4;
	word_count = 20;
	begin();
	line_editor_start(&editor, &other, "> ");
	type("word00");
	press(KEY_TAB);
	expect("word00|");
	assert_non_null(strstr(row.above, "word0006  word0007\nword0008  "));
	assert_non_null(strstr(row.above, "word0018  word0019\n"));
	/* Nine words of seven characters fill a row of 79. */
	digits = 3;
	begin();
	line_editor_start(&editor, &other, "> ");
	type("word0");
	press(KEY_TAB);
	assert_non_null(strstr(row.above, "word007  word008\nword009  "));
	/* Twelve rows of eight words, and that there are more. */
	digits = 4;
	word_count = 400;
	begin();
	line_editor_start(&editor, &other, "> ");
	type("word0");
	press(KEY_TAB);
	expect("word0|");
	assert_non_null(strstr(row.above, "  word0095\n...\n"));
	assert_null(strstr(row.above, "word0096"));
}

static void type_many(int count)
{
	for (int i = 0; i < count; i++)
		press((uint16_t)('a' + i % 26));
}

/* More than fits into the row slides; more than fits at all leaves a gap. */
static void test_long_lines(void **state)
{
	size_t room = LINE_COLUMNS - 2;

	(void)state;
	begin();
	type_many(LINE_MAX - 1);
	assert_int_equal(editor.length, LINE_MAX - 1);
	assert_int_equal(row.text[row.cursor - 1], 'a' + (LINE_MAX - 2) % 26);
	type_many(50);
	assert_int_equal(editor.length, LINE_MAX);
	assert_true(row.cursor < LINE_COLUMNS);
	assert_int_equal(row.text[row.cursor - 2], 'a' + (LINE_MAX - 2) % 26);
	assert_int_equal(row.text[row.cursor - 1], '?');
	press(KEY_HOME);
	assert_memory_equal(row.text, "> abcdef", 8);
	assert_int_equal(row_length(&row), LINE_COLUMNS);
	press_often(KEY_RIGHT, (int)room - 1);
	assert_int_equal(row.cursor, LINE_COLUMNS - 1);
	press(KEY_RIGHT);
	assert_int_equal(row.text[row.cursor], 'a' + (int)room % 26);
	press(KEY_END);
	press(CTRL('u'));
	expect("|");
}

/* Where something was lost, the halves are not one line. */
static void test_torn_lines(void **state)
{
	(void)state;
	begin();
	type("power");
	assert_int_equal(press(KEY_LOST), LINE_EDITING);
	press(KEY_LOST);
	assert_memory_equal(row.text, "> power? ", 9);
	press('o' | KEY_LOST);
	press('f' | KEY_LOST);
	assert_int_equal(press(KEY_ENTER), LINE_TORN);
	assert_string_equal(editor.line, "power?o?f");
	assert_string_equal(row.above, "> power?o?f\n");
	line_editor_begin(&editor);
	/* Before and behind the line's text. */
	press('a' | KEY_LOST);
	assert_int_equal(press(KEY_ENTER), LINE_TORN);
	line_editor_begin(&editor);
	type("a");
	assert_int_equal(press(KEY_ENTER | KEY_LOST), LINE_TORN);
	assert_string_equal(editor.line, "a?");
	line_editor_begin(&editor);
	/* The next one is whole, and a '?' that was typed is no gap. */
	type("?");
	assert_int_equal(press(KEY_ENTER), LINE_ENTERED);
	line_editor_begin(&editor);
	press('a' | KEY_LOST);
	assert_int_equal(press(CTRL('c') | KEY_LOST), LINE_ABANDONED);
}

/* Who has seen a gap may remove it, and the line is his. */
static void test_mending_a_torn_line(void **state)
{
	(void)state;
	begin();
	type("ma");
	press(KEY_LOST);
	type("x");
	assert_int_equal(press(KEY_ENTER), LINE_TORN);
	line_editor_begin(&editor);
	press(KEY_UP);
	assert_int_equal(press(KEY_ENTER), LINE_TORN);
	line_editor_begin(&editor);
	press(KEY_UP);
	press_often(KEY_BACKSPACE, 2);
	type("p");
	expect("map|");
	assert_int_equal(press(KEY_ENTER), LINE_ENTERED);
	line_editor_begin(&editor);
	press(KEY_LOST);
	press(CTRL('u'));
	expect("|");
	assert_int_equal(press(KEY_ENTER), LINE_ENTERED);
}

/* Nor is a line that had no room: wherever it was, and from the history. */
static void test_full_lines(void **state)
{
	(void)state;
	begin();
	type_many(LINE_MAX - 1);
	assert_int_equal(press(KEY_ENTER), LINE_ENTERED);
	line_editor_begin(&editor);
	press(KEY_UP);
	press_often(KEY_LEFT, 3);
	type("!!");
	press(KEY_LOST);
	assert_int_equal(editor.length, LINE_MAX);
	assert_int_equal(press(KEY_ENTER), LINE_TORN);
	assert_string_equal(editor.line + LINE_MAX - 8, "nopq?rst");
	line_editor_begin(&editor);
	press(KEY_UP);
	assert_int_equal(editor.length, LINE_MAX);
	assert_int_equal(press(KEY_ENTER), LINE_TORN);
	assert_string_equal(editor.line + LINE_MAX - 8, "nopq?rst");
	line_editor_begin(&editor);
	/* A completion is typed, too. */
	type_many(LINE_MAX - 3);
	type(" p");
	press(KEY_TAB);
	assert_int_equal(press(KEY_ENTER), LINE_TORN);
}

/* Whatever is pressed, the row shows the line around the cursor. */
static void check_shown(void)
{
	size_t at = row.cursor - 2, from = editor.cursor - at;

	assert_true(row.cursor >= 2 && row.cursor < LINE_COLUMNS);
	assert_true(at <= editor.cursor);
	assert_true(editor.cursor <= editor.length);
	assert_int_equal(strlen(editor.line), editor.length);
	for (size_t i = 2; i < ROW_COLUMNS; i++) {
		size_t which = from + i - 2;
		bool there = which < editor.length && i < LINE_COLUMNS;
		char shown = there ? editor.line[which] : ' ';

		assert_int_equal(row.text[i], shown == LINE_GAP ? '?' : shown);
	}
}

static void test_any_keys(void **state)
{
	static const uint16_t keys[] = {
		KEY_LEFT,  KEY_LEFT,	  KEY_RIGHT,  KEY_HOME,
		KEY_END,   KEY_UP,	  KEY_DOWN,   KEY_TAB,
		KEY_ENTER, KEY_BACKSPACE, KEY_DELETE, CTRL('w'),
		CTRL('u'), CTRL('k'),	  CTRL('c'),  KEY_LOST,
	};
	struct random rng = { 8 };

	(void)state;
	begin();
	for (int i = 0; i < 200000; i++) {
		uint32_t at = random_below(&rng, 5 * 16);
		uint16_t key = at < 16 ?
				       keys[at] :
				       (uint16_t)(' ' + random_below(&rng, 95));
		enum line_result result = press(key);

		if (result != LINE_EDITING)
			line_editor_begin(&editor);
		check_shown();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_typing),
		cmocka_unit_test(test_removing),
		cmocka_unit_test(test_other_keys),
		cmocka_unit_test(test_shift_held),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_history),
		cmocka_unit_test(test_completion),
		cmocka_unit_test(test_long_lists),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_torn_lines),
		cmocka_unit_test(test_mending_a_torn_line),
		cmocka_unit_test(test_full_lines),
		cmocka_unit_test(test_any_keys),
	};

	return cmocka_run_group_tests_name("line_editor", tests, NULL, NULL);
}
