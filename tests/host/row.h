/*
 * row.h - a terminal of one row, as simple as the simplest: it prints, and
 * knows '\b' and '\n'. It says no to what would leave the row.
 */
#ifndef TESTS_ROW_H
#define TESTS_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define ROW_COLUMNS 80
#define ROW_OLD 4096 /* characters of the rows above that are kept */

struct row {
	char text[ROW_COLUMNS + 1]; /* NUL-terminated, with trailing blanks */
	size_t cursor;
	char above[ROW_OLD]; /* the rows above, without trailing blanks */
	bool left_it;	     /* something went beyond the last column */
};

static inline void row_clear(struct row *row)
{
	memset(row->text, ' ', ROW_COLUMNS);
	row->text[ROW_COLUMNS] = '\0';
	row->cursor = 0;
}

/* How much of the row is not trailing blanks. */
static inline size_t row_length(const struct row *row)
{
	size_t length = ROW_COLUMNS;

	while (length && row->text[length - 1] == ' ')
		length--;
	return length;
}

static inline void row_new(struct row *row)
{
	size_t used = strlen(row->above), length = row_length(row);

	if (used + length + 2 > ROW_OLD)
		used = 0;
	memcpy(row->above + used, row->text, length);
	memcpy(row->above + used + length, "\n", 2);
	row_clear(row);
}

static inline void row_put(struct row *row, char character)
{
	if (character == '\n') {
		row_new(row);
	} else if (character == '\b') {
		row->left_it |= row->cursor == 0;
		row->cursor -= row->cursor > 0;
	} else if (row->cursor == ROW_COLUMNS || character < ' ' ||
		   character > '~') {
		row->left_it = true;
	} else {
		row->text[row->cursor++] = character;
	}
}

#endif
