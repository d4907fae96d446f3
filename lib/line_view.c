/*
 * line_view.c - a row of text that changes.
 */
#include "line_view.h"

#include "string.h"

/* What goes out for one change, in one burst: the way to the change, the
 * change, the way to the cursor. */
struct burst {
	char text[3 * LINE_COLUMNS];
	size_t length;
};

static void add(struct burst *burst, const char *text, size_t length)
{
	memcpy(burst->text + burst->length, text, length);
	burst->length += length;
}

/* To the right by writing again what is there. */
static void move(struct line_view *view, struct burst *burst, size_t cursor)
{
	if (cursor > view->cursor)
		add(burst, view->shown + view->cursor, cursor - view->cursor);
	for (size_t i = cursor; i < view->cursor; i++)
		add(burst, "\b", 1);
	view->cursor = cursor;
}

void line_view_start(struct line_view *view,
		     void (*write)(const char *text, size_t length))
{
	view->write = write;
	memset(view->shown, ' ', LINE_COLUMNS);
	view->cursor = 0;
}

void line_view_show(struct line_view *view, const char *text, size_t length,
		    size_t cursor)
{
	char wanted[LINE_COLUMNS];
	struct burst burst = { .length = 0 };
	size_t first = 0, end = LINE_COLUMNS;

	memset(wanted, ' ', LINE_COLUMNS);
	memcpy(wanted, text, length);
	while (first < end && wanted[first] == view->shown[first])
		first++;
	while (end > first && wanted[end - 1] == view->shown[end - 1])
		end--;
	if (first < end) {
		move(view, &burst, first);
		memcpy(view->shown + first, wanted + first, end - first);
		move(view, &burst, end);
	}
	move(view, &burst, cursor);
	if (burst.length)
		view->write(burst.text, burst.length);
}
