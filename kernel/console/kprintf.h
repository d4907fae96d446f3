/*
 * kprintf.h - what everybody prints through.
 *
 * Formats are those of lib/format.h. One call's text is never mixed with
 * another's. When a call returns, every sink has its text, also with interrupts
 * off. One exception: the handler of an interrupt prints while the code that it
 * has interrupted is printing; that code then shows both texts (console.h).
 * Returns the number of characters, as C's printf().
 *
 * Context: any but NMI; to print while a text is formatted on the same CPU is a
 * panic that names both places.
 */
#ifndef KERNEL_CONSOLE_KPRINTF_H
#define KERNEL_CONSOLE_KPRINTF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

__attribute__((format(printf, 1, 2))) int kprintf(const char *format, ...);
__attribute__((format(printf, 1, 0))) int kvprintf(const char *format,
						   va_list args);

/* The same in the colours VGA_ATTRIBUTE(...) of vga.h. */
__attribute__((format(printf, 2, 3))) int
kprintf_colored(uint8_t attribute, const char *format, ...);
__attribute__((format(printf, 2, 0))) int
kvprintf_colored(uint8_t attribute, const char *format, va_list args);

/**
 * kprintf_bits - print the names of the bits that are set, a blank before each
 * @names:	by the number of the bit; a bit with NULL is left out
 * @count:	of names
 * @column:	where the cursor is; what does not fit in 79 columns goes to
 *		further rows, which start at @indent
 *
 * Returns the column of the cursor afterwards.
 */
unsigned int kprintf_bits(uint64_t value, const char *const *names,
			  size_t count, unsigned int column,
			  unsigned int indent);

#endif
