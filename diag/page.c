/*
 * page.c - text in pages: a title, rows, then a key.
 */
#include "diag/page.h"

#include <stdarg.h>
#include <stdint.h>

#include "diag/console.h"
#include "diag/format.h"

#define FIRST_ROW 2
#define LAST_ROW 22
#define BAR_ROW 24
#define LABEL_WIDTH 16
#define ESCAPE 27

static const char *book = "diagnostics";
static const char *title;
static unsigned int number; /* of the page, from 1 on */
static unsigned int row; /* where the next one goes */
static char wish;

__attribute__((format(printf, 3, 4))) static void
show(unsigned int at, unsigned int column, const char *format, ...)
{
	char text[CONSOLE_COLUMNS + 1];
	va_list args;

	va_start(args, format);
	format_line(text, sizeof(text), format, args);
	va_end(args);
	console_show(at, column, text);
	console_send(text);
}

static void start(const char *more)
{
	number++;
	row = FIRST_ROW;
	console_fill(0, 1, 0, LOOK_TITLE);
	console_fill(1, CONSOLE_ROWS - 2, 0, LOOK_PLAIN);
	console_fill(BAR_ROW, 1, 0, LOOK_BAR);
	console_send("\n--- ");
	show(0, 1, "Firstlight %s %u: %s%s", book, number, title, more);
	console_send(" ---\n");
}

static void wait(const char *keys)
{
	char key;

	console_send("[");
	show(BAR_ROW, 1, "%s", keys);
	console_send("]\n");
	key = console_key();
	if (key == 'b' || key == ESCAPE)
		wish = 'b';
	if (key == 'r' || key == 's')
		wish = key;
}

void page_book(const char *text)
{
	book = text;
	number = 0;
	wish = 0;
}

void page_begin(const char *text)
{
	title = text;
	if (!wish)
		start("");
}

void page_end(void)
{
	if (!wish)
		wait("any key: next page   b: boot on   s: in steps   "
		     "r: restart");
}

void page_end_last(void)
{
	if (!wish)
		wait("any key: boot on   s: in steps   r: restart");
}

void page_end_step(bool last)
{
	if (wish)
		return;
	wait(last ? "any key: boot on   r: restart" :
		    "any key: next stop   b: boot on   r: restart");
	if (wish == 's')
		wish = 0;
}

char page_wish(void)
{
	return wish;
}

/* Makes room for a row; false: nobody wants it. */
static bool row_begin(uint8_t label, uint8_t look)
{
	if (!wish && row > LAST_ROW) {
		page_end();
		if (!wish)
			start(", more");
	}
	if (wish)
		return false;
	console_fill(row, 1, 0, label);
	console_fill(row, 1, LABEL_WIDTH, look);
	return true;
}

static void row_end(unsigned int column, const char *format, va_list args)
{
	char text[CONSOLE_COLUMNS];

	format_line(text, sizeof(text) - column, format, args);
	console_show(row++, column, text);
	console_send(text);
	console_send("\n");
}

void page_row(const char *label, const char *format, ...)
{
	va_list args;

	if (!row_begin(LOOK_LABEL, LOOK_PLAIN))
		return;
	show(row, 1, "%-15s", label);
	va_start(args, format);
	row_end(LABEL_WIDTH, format, args);
	va_end(args);
}

void page_warn(const char *label, const char *format, ...)
{
	va_list args;

	if (!row_begin(LOOK_LABEL, LOOK_WARNING))
		return;
	show(row, 1, "%-15s", label);
	va_start(args, format);
	row_end(LABEL_WIDTH, format, args);
	va_end(args);
}

void page_gap(void)
{
	if (!wish)
		console_send("\n");
	row++;
}

void page_text(const char *format, ...)
{
	va_list args;

	if (!row_begin(LOOK_PLAIN, LOOK_PLAIN))
		return;
	va_start(args, format);
	row_end(1, format, args);
	va_end(args);
}
