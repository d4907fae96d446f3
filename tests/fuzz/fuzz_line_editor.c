/*
 * fuzz_line_editor.c - any bytes from a terminal, any scan codes, into the
 * line editor: what the screen shows stays true, and Enter gets through.
 *
 * Input: the first byte chooses where the others come from: a terminal, a
 * keyboard, or both in turns.
 */
#include <stdint.h>
#include <stdlib.h>

#include "keyboard.h"
#include "line_editor.h"
#include "row.h"
#include "terminal.h"
#include "words.h"

#define PROMPT "> "
#define PROMPT_LENGTH 2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct row row;

static void show(const char *text, size_t length)
{
	if (!length)
		abort();
	for (size_t i = 0; i < length; i++)
		row_put(&row, text[i]);
	/* "^C" may reach the last column, nothing else. */
	if (row.left_it)
		abort();
}

static const char *candidate(const char *line, size_t start, size_t n)
{
	static const char *const words[] = { "fault", "false", "fa", "x/",
					     "help",  "hell",  "",   NULL };

	(void)line;
	return words[start ? n / 2 : n];
}

static void check(const struct line_editor *editor)
{
	size_t at = row.cursor - PROMPT_LENGTH;

	if (editor->length > LINE_MAX || editor->cursor > editor->length ||
	    editor->line[editor->length])
		abort();
	if (row.cursor < PROMPT_LENGTH || row.cursor >= LINE_COLUMNS ||
	    at > editor->cursor)
		abort();
	for (size_t i = PROMPT_LENGTH; i < ROW_COLUMNS; i++) {
		size_t which = editor->cursor - at + i - PROMPT_LENGTH;
		bool there = which < editor->length && i < LINE_COLUMNS;
		char shown = there ? editor->line[which] : ' ';

		if (row.text[i] != (shown == LINE_GAP ? LINE_GAP_SHOWN : shown))
			abort();
	}
}

static bool lookup(const char *name, size_t length, uint64_t *value)
{
	*value = length;
	return name[0] == '$';
}

/* A line goes where the monitor's would. */
static void use_line(char *line)
{
	char *words[4];
	size_t count = words_split(line, words, 4);
	uint64_t value;

	for (size_t i = 0; i < count && i < 4; i++) {
		if (!*words[i])
			abort();
		number_parse(words[i], lookup, &value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct line_editor_user user = { show, candidate };
	static struct line_editor editor;
	struct terminal terminal = { 0 };
	struct keyboard keyboard;

	memset(&row, 0, sizeof(row));
	row_clear(&row);
	keyboard_start(&keyboard, &keyboard_us);
	line_editor_start(&editor, &user, PROMPT);
	for (size_t i = 1; i < size; i++) {
		bool typed = data[0] % 3 == 1 || (data[0] % 3 == 2 && i % 2);
		uint16_t key = typed ? keyboard_take(&keyboard, data[i]) :
				       terminal_take(&terminal, data[i]);
		enum line_result result = key ? line_editor_key(&editor, key) :
						LINE_EDITING;

		if (result == LINE_ENTERED)
			use_line(editor.line);
		if (result == LINE_ENTERED || result == LINE_TORN ||
		    result == LINE_ABANDONED)
			line_editor_begin(&editor);
		if (result == LINE_CLEAR) {
			row_clear(&row);
			line_editor_show(&editor);
		}
		check(&editor);
	}
	/* No sequence swallows for ever what is typed. */
	if ((terminal_take(&terminal, '\r') & ~KEY_LOST) != KEY_ENTER)
		abort();
	return 0;
}
