/*
 * line_view.h - a row of text that changes, on anything that can print.
 *
 * Only what changed is written, with printable characters and '\b': a text
 * screen and a serial terminal show the same. The last column of a screen is
 * never written, so the cursor never leaves its row. Any context.
 */
#ifndef LIB_LINE_VIEW_H
#define LIB_LINE_VIEW_H

#include <stddef.h>

#define LINE_COLUMNS 79

struct line_view {
	void (*write)(const char *text, size_t length); /* no NUL */
	char shown[LINE_COLUMNS];
	size_t cursor;
};

/* The cursor is in column 0 of an empty row. */
void line_view_start(struct line_view *view,
		     void (*write)(const char *text, size_t length));

/* Show `length` <= LINE_COLUMNS printable characters, and blanks behind them;
 * the cursor at `cursor` < LINE_COLUMNS. */
void line_view_show(struct line_view *view, const char *text, size_t length,
		    size_t cursor);

#endif
