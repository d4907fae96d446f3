/*
 * line_history.h - the last lines that were entered. Any context.
 */
#ifndef LIB_LINE_HISTORY_H
#define LIB_LINE_HISTORY_H

#include <stddef.h>

#define LINE_MAX 255 /* characters of a line, the last one for a gap */
#define LINE_HISTORY 16

/* All zeros: no lines. */
struct line_history {
	char lines[LINE_HISTORY][LINE_MAX + 1];
	size_t added; /* lines that ever came in */
};

/* Add a line, but not an empty one, nor the newest once more. */
void line_history_add(struct line_history *history, const char *line);

/* The `back`-th line counted from the newest, which is 1; NULL: not there. */
const char *line_history_get(const struct line_history *history, size_t back);

#endif
