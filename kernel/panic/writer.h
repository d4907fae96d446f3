/*
 * writer.h - writes the panic page to the screen, COM1 and port E9h: to the
 * devices themselves, as what the console knows may be overwritten.
 *
 * Context: any.
 */
#ifndef KERNEL_PANIC_WRITER_H
#define KERNEL_PANIC_WRITER_H

#include <stdbool.h>

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
