/*
 * page.h - the panic page: what it says (page.c), and how that is written to
 * screen, COM1 and port E9h (writer.c): to the devices themselves, as what the
 * console knows may be overwritten.
 *
 * Context: any.
 */
#ifndef KERNEL_PANIC_PAGE_H
#define KERNEL_PANIC_PAGE_H

#include <stdarg.h>
#include <stdbool.h>

#include "kernel/cpu/trap.h"
#include "kernel/symbols.h"

struct panic_cause {
	const struct trap_frame *frame;
	const struct place *place; /* NULL: an exception */
	const char *format;	   /* of the message; NULL: an exception */
	va_list *args;
};

/* A new page. */
void page_begin(void);

/* All sections of the page that were not begun yet: called again after a panic
 * in one of them, it goes on with the next. */
void page_write(const struct panic_cause *cause);

/* One line, for a panic that comes while a page is being written. */
void page_write_nested(const struct panic_cause *cause);

/* ---- The writer ---------------------------------------------------------- */

/* A blank red page: the screen's start address is 0 and its cursor gone,
 * whatever was shown before; COM1 is programmed anew. */
void writer_start(void);

/* Rows of the screen, from the next one on, that are still free. */
unsigned int writer_rows_left(void);

/* Keep the screen's last `rows` rows free: what comes before is written to the
 * screen only above them, until this is called again. COM1 gets it all. */
void writer_reserve(unsigned int rows);

/* Whether something has not been written to the screen since then. */
bool writer_was_cut(void);

/* To the screen alone. */
void writer_write_on_screen(const char *text);

/* What does not fit on the screen is sent to COM1 and port E9h alone, where
 * there are any. A text is cut after 511 characters. */
__attribute__((format(printf, 1, 2))) void writer_printf(const char *format,
							 ...);
void writer_write(const char *text);

#endif
