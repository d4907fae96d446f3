/*
 * format.h - the part of printf() that the pages need, for 32-bit numbers.
 *
 * lib/format.c is made for 64-bit code; this runs on a 386 in real mode.
 */
#ifndef DIAG_FORMAT_H
#define DIAG_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/**
 * format_line - as vsnprintf(), for %s %c %u %X %%, a width, flags - and 0
 * @to:		receives at most size - 1 characters and a NUL; size >= 1
 *
 * Returns how many characters there are, without the NUL. Any context.
 */
__attribute__((format(printf, 3, 0))) size_t
format_line(char *to, size_t size, const char *format, va_list args);

#endif
