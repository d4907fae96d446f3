/*
 * paper.h - what the panic page is written on: the screen, COM1 and port E9h,
 * reached without the console and without trusting what it knows.
 *
 * Context: any.
 */
#ifndef KERNEL_PANIC_PAPER_H
#define KERNEL_PANIC_PAPER_H

#include <stdbool.h>

/* A blank red page: the screen's start address is 0 and its cursor gone,
 * whatever was shown before; COM1 is programmed anew. */
void paper_start(void);

/* Rows of the screen, from the next one on, that are still free. */
unsigned int paper_rows_left(void);

/* Keep the screen's last `rows` rows free: what comes before is written to the
 * screen only above them, until this is called again. COM1 gets it all. */
void paper_reserve(unsigned int rows);

/* Whether something has not been written to the screen since then. */
bool paper_was_cut(void);

/* What COM1 need not say. */
void paper_write_on_screen(const char *text);

/* What does not fit on the screen is sent to COM1 and port E9h alone, where
 * there are any. A text is cut after 511 characters. */
#define PAPER_COLUMNS 78 /* of a line that is not wrapped */
__attribute__((format(printf, 1, 2))) void paper_printf(const char *format,
							...);
void paper_write(const char *text);

#endif
