/*
 * paper.h - what the panic page is written on: the screen, COM1 and port E9h,
 * reached without the console and without trusting what it knows.
 *
 * Context: any.
 */
#ifndef KERNEL_PANIC_PAPER_H
#define KERNEL_PANIC_PAPER_H

/* A blank red page: the screen's start address is 0 and its cursor gone,
 * whatever was shown before; COM1 is programmed anew. */
void paper_start(void);

/* Go to the screen's last row, which is blanked. */
void paper_last_row(void);

/* What does not fit on the screen is on COM1. A text is cut after 511
 * characters. */
__attribute__((format(printf, 1, 2))) void paper_printf(const char *format,
							...);
void paper_write(const char *text);

#endif
