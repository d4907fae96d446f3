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

static const char *page_book_name = "diagnostics";
static const char *page_title;
static unsigned int page_number; /* from 1 on */
static unsigned int page_next_row; /* that is free */
static char page_ended_by; /* a key; 0: none */

__attribute__((format(printf, 3, 4))) static void
page_show(unsigned int at, unsigned int column, const char *format, ...)
{
	char text[CONSOLE_COLUMNS + 1];
	va_list args;

	va_start(args, format);
	format_line(text, sizeof(text), format, args);
	va_end(args);
	console_show(at, column, text);
	console_send(text);
}

static void page_start(const char *more)
{
	page_number++;
	page_next_row = FIRST_ROW;
	console_fill(0, 1, 0, LOOK_TITLE);
	console_fill(1, CONSOLE_ROWS - 2, 0, LOOK_PLAIN);
	console_fill(BAR_ROW, 1, 0, LOOK_BAR);
	console_send("\n--- ");
	page_show(0, 1, "Firstlight %s %u: %s%s", page_book_name, page_number,
		  page_title, more);
	console_send(" ---\n");
}

static void page_wait(const char *keys)
{
	char key;

	console_send("[");
	page_show(BAR_ROW, 1, "%s", keys);
	console_send("]\n");
	key = console_key();
	if (key == 'b' || key == ESCAPE)
		page_ended_by = 'b';
	if (key == 'r' || key == 's')
		page_ended_by = key;
}

void page_book(const char *text)
{
	page_book_name = text;
	page_number = 0;
	page_ended_by = 0;
}

void page_begin(const char *text)
{
	page_title = text;
	if (!page_ended_by)
		page_start("");
}

void page_end(void)
{
	if (!page_ended_by)
		page_wait("any key: next page   b: boot on   s: in steps   "
			  "r: restart");
}

void page_end_last(void)
{
	if (!page_ended_by)
		page_wait("any key: boot on   s: in steps   r: restart");
}

void page_end_step(bool last)
{
	if (page_ended_by)
		return;
	page_wait(last ? "any key: boot on   r: restart" :
			 "any key: next stop   b: boot on   r: restart");
	if (page_ended_by == 's')
		page_ended_by = 0;
}

char page_end_key(void)
{
	return page_ended_by;
}

/* Makes room for a row; false: a key has ended the pages. */
static bool page_row_begin(uint8_t label, uint8_t look)
{
	if (!page_ended_by && page_next_row > LAST_ROW) {
		page_end();
		if (!page_ended_by)
			page_start(", more");
	}
	if (page_ended_by)
		return false;
	console_fill(page_next_row, 1, 0, label);
	console_fill(page_next_row, 1, LABEL_WIDTH, look);
	return true;
}

static void page_row_end(unsigned int column, const char *format, va_list args)
{
	char text[CONSOLE_COLUMNS];

	format_line(text, sizeof(text) - column, format, args);
	console_show(page_next_row++, column, text);
	console_send(text);
	console_send("\n");
}

void page_row(const char *label, const char *format, ...)
{
	va_list args;

	if (!page_row_begin(LOOK_LABEL, LOOK_PLAIN))
		return;
	page_show(page_next_row, 1, "%-15s", label);
	va_start(args, format);
	page_row_end(LABEL_WIDTH, format, args);
	va_end(args);
}

void page_warn(const char *label, const char *format, ...)
{
	va_list args;

	if (!page_row_begin(LOOK_LABEL, LOOK_WARNING))
		return;
	page_show(page_next_row, 1, "%-15s", label);
	va_start(args, format);
	page_row_end(LABEL_WIDTH, format, args);
	va_end(args);
}

void page_gap(void)
{
	if (!page_ended_by)
		console_send("\n");
	page_next_row++;
}

void page_text(const char *format, ...)
{
	va_list args;

	if (!page_row_begin(LOOK_PLAIN, LOOK_PLAIN))
		return;
	va_start(args, format);
	page_row_end(1, format, args);
	va_end(args);
}
