/*
 * line_editor.h - a line of input: editing, history, completion.
 *
 *	left, right, ctrl-B, ctrl-F	move by a character
 *	home, end, ctrl-A, ctrl-E	to the beginning, to the end
 *	backspace, delete, ctrl-D	remove a character
 *	ctrl-W, ctrl-U, ctrl-K		remove a word, all before, all behind
 *	up, down, ctrl-P, ctrl-N	older and newer lines
 *	tab				complete the word, or list what fits
 *	ctrl-L				clear the screen
 *	ctrl-C				abandon the line
 *	enter				done
 *
 * With shift they mean the same: it may still be down.
 *
 * A line that is longer than its row slides sideways (line_view.h).
 *
 * Where input was lost on its way (KEY_LOST), and where there was no room for
 * it, the line has a gap, shown as '?'. It can be moved over and removed like a
 * character. As long as there is one, the line is torn: its halves may make a
 * command that nobody typed.
 *
 * Any context, one at a time: no locks, no allocation.
 */
#ifndef LIB_LINE_EDITOR_H
#define LIB_LINE_EDITOR_H

#include <stddef.h>
#include <stdint.h>

#include "key.h"
#include "line_history.h"
#include "line_view.h"

#define LINE_PROMPT_MAX 32 /* characters */
#define LINE_GAP '\x1A'	   /* ASCII's "substitute", which nobody can type */
#define LINE_GAP_SHOWN '?'

/* What the editor needs of its user. */
struct line_editor_user {
	/* Show `length` characters, '\b' and '\n' among them. */
	void (*write)(const char *text, size_t length);
	/* The n-th word, from 0, that may stand in `line` at `start`, no
	 * matter what stands there; NULL: there are no more. It is looked at
	 * again after other calls. */
	const char *(*candidate)(const char *line, size_t start, size_t n);
};

struct line_editor {
	const struct line_editor_user *user;
	const char *prompt;
	char line[LINE_MAX + 1]; /* being edited: printable or a gap, NUL */
	size_t length;
	size_t cursor;		/* 0..length */
	size_t first;		/* character shown behind the prompt */
	size_t back;		/* lines back in the history; 0: a new one */
	char fresh[LINE_MAX + 1]; /* the new one while an old one is shown */
	struct line_view view;
	struct line_history history;
};

enum line_result {
	LINE_EDITING,
	LINE_ENTERED,	/* the line is in `line`; the cursor is below it */
	LINE_TORN,	/* the same, with '?' for gaps: not to be obeyed */
	LINE_ABANDONED, /* the cursor is below what was there */
	LINE_CLEAR,	/* clear the screen, then line_editor_show() */
};

/* `prompt` has at most LINE_PROMPT_MAX characters and stays where it is. */
void line_editor_start(struct line_editor *editor,
		       const struct line_editor_user *user, const char *prompt);

/* Show a new, empty line; the cursor is in column 0 of an empty row. */
void line_editor_begin(struct line_editor *editor);

/* Show prompt and line once more, from column 0 of an empty row. */
void line_editor_show(struct line_editor *editor);

/* After LINE_ENTERED, LINE_TORN, LINE_ABANDONED: line_editor_begin(). */
enum line_result line_editor_key(struct line_editor *editor, uint16_t key);

#endif
