/*
 * format.c - the part of printf() that the pages need.
 */
#include "diag/format.h"

#include <stdbool.h>

#define DIGITS_MAX 10 /* of 32 bits, in decimal */

/* Where the text goes: [at, end) is free, and a place for the NUL. */
struct sink {
	char *at;
	char *end;
};

/* A conversion: "%-10s". */
struct conversion {
	bool left;
	bool zeros;
	size_t width;
};

static void put(struct sink *sink, char c)
{
	if (sink->at < sink->end)
		*sink->at++ = c;
}

static void put_padded(struct sink *sink, const struct conversion *how,
		       const char *text, size_t length)
{
	size_t padding = how->width > length ? how->width - length : 0;

	for (size_t i = padding; i && !how->left; i--)
		put(sink, how->zeros ? '0' : ' ');
	while (length--)
		put(sink, *text++);
	for (size_t i = padding; i && how->left; i--)
		put(sink, ' ');
}

static void put_string(struct sink *sink, const struct conversion *how,
		       const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	put_padded(sink, how, text, length);
}

static void put_number(struct sink *sink, const struct conversion *how,
		       unsigned int value, unsigned int base)
{
	char digits[DIGITS_MAX];
	char *first = digits + DIGITS_MAX;

	do
		*--first = "0123456789ABCDEF"[value % base];
	while (value /= base);
	put_padded(sink, how, first, (size_t)(digits + DIGITS_MAX - first));
}

/* Flags and width; `*format` moves on to the letter. */
static struct conversion read_conversion(const char **format)
{
	struct conversion how = { false, false, 0 };

	for (; **format == '-' || **format == '0'; ++*format) {
		how.left |= **format == '-';
		how.zeros |= **format == '0';
	}
	for (; **format >= '0' && **format <= '9'; ++*format)
		how.width = how.width * 10 + (size_t)(**format - '0');
	return how;
}

size_t format_line(char *to, size_t size, const char *format, va_list args)
{
	struct sink sink = { to, to + size - 1 };

	for (; *format; format++) {
		struct conversion how;

		if (*format != '%') {
			put(&sink, *format);
			continue;
		}
		format++;
		how = read_conversion(&format);
		if (*format == 's')
			put_string(&sink, &how, va_arg(args, const char *));
		else if (*format == 'u')
			put_number(&sink, &how, va_arg(args, unsigned int), 10);
		else if (*format == 'X')
			put_number(&sink, &how, va_arg(args, unsigned int), 16);
		else if (*format == 'c')
			put(&sink, (char)va_arg(args, int));
		else
			put(&sink, *format);
	}
	*sink.at = '\0';
	return (size_t)(sink.at - to);
}
