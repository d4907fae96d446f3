/*
 * page.h - text in pages: a title, rows, then a key.
 *
 * The same rows go to COM1 and port E9h, line by line. What is longer than a
 * screen continues on another page. Once a key has ended the pages, the rest
 * of them is left out.
 */
#ifndef DIAG_PAGE_H
#define DIAG_PAGE_H

#include <stdbool.h>

/* Begins another series of pages; the first is called "diagnostics". `text` is
 * its name in titles, and must last. Numbers start at 1 again, and no key has
 * ended the pages. */
void page_book(const char *text);

/* Begins a page. `title` must last until page_end(). */
void page_begin(const char *title);

/* "label         text" */
__attribute__((format(printf, 2, 3))) void page_row(const char *label,
						    const char *format, ...);

/* The same, as a warning. */
__attribute__((format(printf, 2, 3))) void page_warn(const char *label,
						     const char *format, ...);

/* An empty row. */
void page_gap(void);

/* A row without a label, for tables. */
__attribute__((format(printf, 1, 2))) void page_text(const char *format, ...);

/* Ends the page: waits for a key. */
void page_end(void);

/* The same for the last page. */
void page_end_last(void);

/* The same for a stop of step mode. */
void page_end_step(bool last);

/* The key that ended the pages: 'b' to boot on, 'r' to restart, 's' to boot on
 * in steps; 0: none. */
char page_end_key(void);

#endif
