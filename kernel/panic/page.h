/*
 * page.h - what the panic page says.
 */
#ifndef KERNEL_PANIC_PAGE_H
#define KERNEL_PANIC_PAGE_H

#include <stdarg.h>

#include "kernel/cpu/trap.h"
#include "kernel/place.h"

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

#endif
