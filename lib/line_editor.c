/*
 * line_editor.c - what each key does to the line.
 */
#include "line_editor.h"

#include <stdbool.h>

#include "string.h"

#define LIST_ROWS_MAX 12 /* of completions: half a screen */
#define CTRL(letter) (KEY_CTRL | (letter))

/* ---- Showing ------------------------------------------------------------- */

/* Move the window so that it shows the cursor, by half its width. */
static void slide(struct line_editor *editor, size_t room)
{
	if (editor->cursor < editor->first)
		editor->first = editor->cursor > room / 2 ?
					editor->cursor - room / 2 :
					0;
	else if (editor->cursor >= editor->first + room)
		editor->first = editor->cursor - room / 2;
}

/* Returns how many there are. */
static size_t show_gaps(char *text, size_t length)
{
	size_t gaps = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == LINE_GAP) {
			text[i] = LINE_GAP_SHOWN;
			gaps++;
		}
	}
	return gaps;
}

static void show(struct line_editor *editor)
{
	char row[LINE_COLUMNS];
	size_t prompt = strlen(editor->prompt);
	size_t room = LINE_COLUMNS - prompt, length;

	slide(editor, room);
	length = editor->length - editor->first;
	if (length > room)
		length = room;
	memcpy(row, editor->prompt, prompt);
	memcpy(row + prompt, editor->line + editor->first, length);
	show_gaps(row + prompt, length);
	line_view_show(&editor->view, row, prompt + length,
		       prompt + editor->cursor - editor->first);
}

static void write(const struct line_editor *editor, const char *text)
{
	if (*text)
		editor->user->write(text, strlen(text));
}

/* Leave the line: the cursor goes behind it, then to the next row. */
static void leave(struct line_editor *editor, const char *mark)
{
	editor->cursor = editor->length;
	show(editor);
	write(editor, mark);
	write(editor, "\n");
}

void line_editor_show(struct line_editor *editor)
{
	line_view_start(&editor->view, editor->user->write);
	show(editor);
}

/* ---- Changing the line --------------------------------------------------- */

/* There is room for it. */
static void place(struct line_editor *editor, const char *text, size_t length)
{
	char *at = editor->line + editor->cursor;

	memmove(at + length, at, editor->length - editor->cursor + 1);
	memcpy(at, text, length);
	editor->length += length;
	editor->cursor += length;
}

/* Something that should stand here is lost. A line that is full to its last
 * place has a gap already, see insert(). */
static void insert_gap(struct line_editor *editor)
{
	static const char gap = LINE_GAP;

	if (editor->length < LINE_MAX &&
	    !(editor->cursor && editor->line[editor->cursor - 1] == LINE_GAP))
		place(editor, &gap, 1);
}

/* What there is no room for is lost; the last place is for saying so. */
static void insert(struct line_editor *editor, const char *text, size_t length)
{
	size_t used = editor->length + 1;
	size_t room = used < LINE_MAX ? LINE_MAX - used : 0;

	place(editor, text, length < room ? length : room);
	if (length > room)
		insert_gap(editor);
}

/* Remove line[from..end); the cursor goes there. */
static void cut(struct line_editor *editor, size_t from, size_t end)
{
	memmove(editor->line + from, editor->line + end,
		editor->length - end + 1);
	editor->length -= end - from;
	editor->cursor = from;
}

static void replace(struct line_editor *editor, const char *text)
{
	cut(editor, 0, editor->length);
	place(editor, text, strlen(text));
}

/* Where the word begins that ends at `end`. */
static size_t word_start(const struct line_editor *editor, size_t end)
{
	while (end && editor->line[end - 1] != ' ')
		end--;
	return end;
}

static void remove_word(struct line_editor *editor)
{
	size_t end = editor->cursor;

	while (end && editor->line[end - 1] == ' ')
		end--;
	cut(editor, word_start(editor, end), editor->cursor);
}

/* ---- History ------------------------------------------------------------- */

static void browse(struct line_editor *editor, size_t back)
{
	const char *old = line_history_get(&editor->history, back);

	if (back && !old)
		return;
	if (!editor->back)
		memcpy(editor->fresh, editor->line, editor->length + 1);
	editor->back = back;
	replace(editor, back ? old : editor->fresh);
}

/* ---- Completion ---------------------------------------------------------- */

/* The words that fit to what stands before the cursor. */
struct fitting {
	const struct line_editor *editor;
	size_t start;  /* of the word in the line */
	size_t length; /* of what is there of it */
	size_t next;   /* candidate to look at */
};

static struct fitting fitting(const struct line_editor *editor)
{
	size_t start = word_start(editor, editor->cursor);

	return (struct fitting){ editor, start, editor->cursor - start, 0 };
}

static const char *next_fitting(struct fitting *fitting)
{
	const char *line = fitting->editor->line;
	const char *word;

	do
		word = fitting->editor->user->candidate(line, fitting->start,
							fitting->next++);
	while (word &&
	       strncmp(word, line + fitting->start, fitting->length) != 0);
	return word;
}

static size_t common_length(const char *a, const char *b, size_t max)
{
	size_t length = 0;

	while (length < max && a[length] && a[length] == b[length])
		length++;
	return length;
}

/* In rows of whole words, below the line, which is then shown again. */
static void list_fitting(struct line_editor *editor)
{
	struct fitting all = fitting(editor);
	size_t cursor = editor->cursor, column = 0, rows = 1;
	const char *word;

	leave(editor, "");
	editor->cursor = cursor;
	while ((word = next_fitting(&all))) {
		if (column && column + 2 + strlen(word) > LINE_COLUMNS) {
			write(editor, "\n");
			column = 0;
			if (rows++ == LIST_ROWS_MAX) {
				write(editor, "...");
				break;
			}
		} else if (column) {
			write(editor, "  ");
			column += 2;
		}
		write(editor, word);
		column += strlen(word);
	}
	write(editor, "\n");
	line_editor_show(editor);
}

static void complete(struct line_editor *editor)
{
	struct fitting all = fitting(editor);
	const char *word, *first = next_fitting(&all);
	size_t length, count = 1;

	if (!first)
		return;
	for (length = strlen(first); (word = next_fitting(&all)); count++)
		length = common_length(first, word, length);
	if (count > 1 && length == all.length) {
		list_fitting(editor);
		return;
	}
	insert(editor, first + all.length, length - all.length);
	if (count == 1)
		insert(editor, " ", 1);
}

/* ---- Keys ---------------------------------------------------------------- */

static void move_or_remove(struct line_editor *editor, uint16_t key)
{
	size_t cursor = editor->cursor, length = editor->length;

	switch (key) {
	case KEY_LEFT:
		editor->cursor -= cursor > 0;
		break;
	case KEY_RIGHT:
		editor->cursor += cursor < length;
		break;
	case KEY_HOME:
		editor->cursor = 0;
		break;
	case KEY_END:
		editor->cursor = length;
		break;
	case KEY_BACKSPACE:
		cut(editor, cursor - (cursor > 0), cursor);
		break;
	case KEY_DELETE:
		cut(editor, cursor, cursor + (cursor < length));
		break;
	case CTRL('w'):
		remove_word(editor);
		break;
	case CTRL('u'):
		cut(editor, 0, cursor);
		break;
	case CTRL('k'):
		cut(editor, cursor, length);
		break;
	}
}

/* Ctrl and a letter that means the same as a key of its own. */
static uint16_t same_key(uint16_t key)
{
	static const struct {
		uint16_t control, key;
	} same[] = {
		{ CTRL('a'), KEY_HOME },      { CTRL('b'), KEY_LEFT },
		{ CTRL('d'), KEY_DELETE },    { CTRL('e'), KEY_END },
		{ CTRL('f'), KEY_RIGHT },     { CTRL('h'), KEY_BACKSPACE },
		{ CTRL('i'), KEY_TAB },	      { CTRL('j'), KEY_ENTER },
		{ CTRL('m'), KEY_ENTER },     { CTRL('n'), KEY_DOWN },
		{ CTRL('p'), KEY_UP },
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		if (same[i].control == key)
			return same[i].key;
	return key;
}

static enum line_result take_special(struct line_editor *editor, uint16_t key)
{
	switch (key) {
	case KEY_ENTER:
		line_history_add(&editor->history, editor->line);
		leave(editor, "");
		return show_gaps(editor->line, editor->length) ? LINE_TORN :
								 LINE_ENTERED;
	case CTRL('c'):
		leave(editor, "^C");
		return LINE_ABANDONED;
	case CTRL('l'):
		return LINE_CLEAR;
	case KEY_UP:
		browse(editor, editor->back + 1);
		break;
	case KEY_DOWN:
		if (editor->back)
			browse(editor, editor->back - 1);
		break;
	case KEY_TAB:
		complete(editor);
		break;
	default:
		move_or_remove(editor, key);
	}
	show(editor);
	return LINE_EDITING;
}

enum line_result line_editor_key(struct line_editor *editor, uint16_t key)
{
	char character = (char)key;

	if (key & KEY_LOST)
		insert_gap(editor);
	key &= (uint16_t) ~(KEY_SHIFT | KEY_LOST); /* shift means nothing */
	/* The letter, whatever shift and caps lock made of it. */
	if ((key & KEY_CTRL) && character >= 'A' && character <= 'Z')
		key += 'a' - 'A';
	key = same_key(key);
	if (key < ' ' || key > '~')
		return take_special(editor, key);
	insert(editor, &character, 1);
	show(editor);
	return LINE_EDITING;
}

void line_editor_begin(struct line_editor *editor)
{
	editor->length = editor->cursor = editor->first = editor->back = 0;
	editor->line[0] = '\0';
	line_editor_show(editor);
}

void line_editor_start(struct line_editor *editor,
		       const struct line_editor_user *user, const char *prompt)
{
	memset(editor, 0, sizeof(*editor));
	editor->user = user;
	editor->prompt = prompt;
	line_editor_begin(editor);
}
