/*
 * kprintf.h - what everybody prints through.
 *
 * Formats are those of lib/format.h. One call's text is never mixed with
 * another's: the console's lock is held, with interrupts off, until every
 * sink has it. A text shorter than FORMAT_PIECE reaches each sink in one
 * burst. Returns the number of characters, as C's printf().
 *
 * Context: any but NMI; printing while printing on one CPU is a panic that
 * names both places.
 */
#ifndef KERNEL_CONSOLE_KPRINTF_H
#define KERNEL_CONSOLE_KPRINTF_H

#include <stdarg.h>
#include <stdint.h>

__attribute__((format(printf, 1, 2))) int kprintf(const char *format, ...);
__attribute__((format(printf, 1, 0))) int kvprintf(const char *format,
						   va_list args);

/* The same in the colours VGA_ATTRIBUTE(...) of vga.h. */
__attribute__((format(printf, 2, 3))) int
kprintf_colored(uint8_t attribute, const char *format, ...);
__attribute__((format(printf, 2, 0))) int
kvprintf_colored(uint8_t attribute, const char *format, va_list args);

#endif
