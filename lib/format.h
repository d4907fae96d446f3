/*
 * format.h - printf-style formatting (ISO C17 7.21.6.1, %b: C23).
 *
 *	conversions	%d %i %u %x %X %o %b %c %s %p %%
 *	flags		- + space 0 #
 *	width		number or *, at most FORMAT_WIDTH_MAX
 *	precision	number or *; for numbers at most FORMAT_WIDTH_MAX
 *	lengths		hh h l ll z j t
 *
 * What C leaves undefined is visible and harmless here:
 *
 *	- NULL for %s prints "(null)", and "(nil)" for %p
 *	- a conversion that does not exist prints "%!" and its letter, as in
 *	  "%!y"; nobody knows the arguments' types from there on, so the rest
 *	  of the format is printed as it stands and no argument is read.
 *
 * clang before 16 does not know %b and refuses it in checked formats.
 *
 * Any context: no locks, no allocation; at most 512 bytes of stack.
 */
#ifndef LIB_FORMAT_H
#define LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* C promises no more characters from one conversion than this. */
#define FORMAT_WIDTH_MAX 4095

/* A kvformat() sink gets its text in pieces of at most this many bytes. */
#define FORMAT_PIECE 256

/**
 * kvsnprintf - format into a buffer
 * @buffer:	receives at most @size bytes, always NUL-terminated unless
 *		@size is 0
 *
 * Returns the length the whole text has, without its NUL, even if it did not
 * fit; -1 if that exceeds INT_MAX.
 */
__attribute__((format(printf, 3, 0))) int
kvsnprintf(char *buffer, size_t size, const char *format, va_list args);

__attribute__((format(printf, 3, 4))) int ksnprintf(char *buffer, size_t size,
						    const char *format, ...);

/* A text that is made piece by piece. */
struct text {
	char *at;
	size_t left; /* with the NUL */
};

/* Append; what does not fit is cut. */
__attribute__((format(printf, 2, 3))) void text_add(struct text *text,
						    const char *format, ...);

/* Where kvformat() sends text: no NUL, `length` is 1..FORMAT_PIECE. */
struct format_sink {
	void (*write)(const struct format_sink *sink, const char *text,
		      size_t length);
};

/**
 * kvformat - format into a sink
 *
 * Nothing is lost however long the text is; one shorter than FORMAT_PIECE
 * arrives in a single write. Embed struct format_sink in a structure of your
 * own to carry more.
 *
 * Returns as kvsnprintf().
 */
__attribute__((format(printf, 2, 0))) int
kvformat(const struct format_sink *sink, const char *format, va_list args);

#endif
