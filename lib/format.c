/*
 * format.c - printf-style formatting.
 *
 * A number's length is known before its first digit is written, so all text
 * goes straight to its place: padding, sign or prefix, zeros, digits.
 */
#include "format.h"

#include <stdbool.h>
#include <stdint.h>

#include "digits.h"
#include "string.h"

/* gcc's <limits.h> wants a libc below it. */
#define INT_MAX __INT_MAX__
#define UINT_MAX (2U * INT_MAX + 1)

enum flag {
	FLAG_LEFT = 1, /* - */
	FLAG_PLUS = 2, /* + */
	FLAG_SPACE = 4, /* space */
	FLAG_ZERO = 8, /* 0 */
	FLAG_ALT = 16, /* # */
};

/* One conversion specification. */
struct spec {
	unsigned int flags;
	unsigned int width;
	unsigned int precision; /* NO_PRECISION: none was given */
	unsigned int bytes; /* size of the integer that is meant */
	bool long_long;
};

#define NO_PRECISION UINT_MAX

/* Where text goes: into [at, end), and when that is full to the sink, or
 * nowhere. */
struct output {
	char *at;
	char *end;
	char *start;
	size_t gone; /* characters that are no longer in [start, at) */
	const struct format_sink *sink;
	va_list args;
};

/* An integer, ready to be laid out. */
struct number {
	uint64_t value;
	const char *alphabet; /* digits of a base that is a power of two */
	unsigned int bits; /* per digit; 0: decimal */
	unsigned int prefix_length;
	char prefix[2]; /* sign or base */
};

static unsigned int clamp(unsigned int value)
{
	return value < FORMAT_WIDTH_MAX ? value : FORMAT_WIDTH_MAX;
}

/* ---- Text out ---------------------------------------------------------- */

static void flush(struct output *out)
{
	size_t length = (size_t)(out->at - out->start);

	if (length)
		out->sink->write(out->sink, out->start, length);
	out->gone += length;
	out->at = out->start;
}

static size_t room(const struct output *out)
{
	return (size_t)(out->end - out->at);
}

/* Takes what fits, makes room again, until all is out or nobody wants it. */
static void put_beyond(struct output *out, const char *text, size_t length)
{
	while (length > room(out)) {
		size_t fits = room(out);

		memcpy(out->at, text, fits);
		out->at += fits;
		text += fits;
		length -= fits;
		if (!out->sink) {
			out->gone += length;
			return;
		}
		flush(out);
	}
	memcpy(out->at, text, length);
	out->at += length;
}

static void put(struct output *out, const char *text, size_t length)
{
	if (length > room(out)) {
		put_beyond(out, text, length);
		return;
	}
	memcpy(out->at, text, length);
	out->at += length;
}

static void put_char(struct output *out, char c)
{
	if (out->at != out->end)
		*out->at++ = c;
	else
		put_beyond(out, &c, 1);
}

static void put_repeated(struct output *out, char c, size_t count)
{
	if (!count)
		return;
	if (count > room(out)) {
		while (count--)
			put_char(out, c);
		return;
	}
	memset(out->at, c, count);
	out->at += count;
}

/* ---- Numbers ----------------------------------------------------------- */

static void write_number(char *to, unsigned int digits,
			 const struct number *number)
{
	if (number->bits)
		digits_write_power2(to, digits, number->value, number->bits,
				    number->alphabet);
	else
		digits_write_decimal(to, digits, number->value);
}

static void put_digits(struct output *out, const struct number *number,
		       unsigned int digits)
{
	if (digits <= room(out)) {
		write_number(out->at, digits, number);
		out->at += digits;
	} else {
		char scratch[DIGITS_MAX];

		write_number(scratch, digits, number);
		put_beyond(out, scratch, digits);
	}
}

/* Digits that precision or zero padding ask for. */
static unsigned int wanted_digits(const struct spec *spec,
				  const struct number *number)
{
	if (spec->precision != NO_PRECISION)
		return clamp(spec->precision);
	if ((spec->flags & (FLAG_ZERO | FLAG_LEFT)) == FLAG_ZERO &&
	    spec->width > number->prefix_length)
		return spec->width - number->prefix_length;
	return 0;
}

/* Leading zeros are digits too, as long as they are not too many. */
static void put_number(struct output *out, const struct spec *spec,
		       const struct number *number)
{
	unsigned int digits = digits_count(number->value, number->bits);
	unsigned int wanted = wanted_digits(spec, number);
	unsigned int padding = 0;
	unsigned int zeros = 0;

	if (!number->value && !spec->precision)
		digits = 0;
	/* %#o makes the first digit a zero */
	if (number->bits == 3 && spec->flags & FLAG_ALT &&
	    (number->value || !digits))
		digits++;
	if (wanted > digits)
		digits = wanted;
	if (digits > DIGITS_MAX) {
		zeros = digits - DIGITS_MAX;
		digits = DIGITS_MAX;
	}
	if (spec->width > number->prefix_length + zeros + digits)
		padding = spec->width - number->prefix_length - zeros - digits;
	if (!(spec->flags & FLAG_LEFT))
		put_repeated(out, ' ', padding);
	for (unsigned int i = 0; i < number->prefix_length; i++)
		put_char(out, number->prefix[i]);
	put_repeated(out, '0', zeros);
	put_digits(out, number, digits);
	if (spec->flags & FLAG_LEFT)
		put_repeated(out, ' ', padding);
}

static void set_signed(struct number *number, const struct spec *spec,
		       int64_t value)
{
	number->value = (uint64_t)value;
	if (value < 0) {
		number->value = -number->value;
		number->prefix[0] = '-';
	} else if (spec->flags & FLAG_PLUS) {
		number->prefix[0] = '+';
	} else if (spec->flags & FLAG_SPACE) {
		number->prefix[0] = ' ';
	} else {
		return;
	}
	number->prefix_length = 1;
}

static void set_unsigned(struct number *number, const struct spec *spec,
			 uint64_t value, char letter)
{
	number->value = value;
	number->alphabet = letter == 'X' ? digits_upper : digits_lower;
	if (value && spec->flags & FLAG_ALT &&
	    (number->bits == 4 || number->bits == 1)) {
		number->prefix[0] = '0';
		number->prefix[1] = letter;
		number->prefix_length = 2;
	}
}

static bool is_signed(char letter)
{
	return letter == 'd' || letter == 'i';
}

/* By the very type that was passed, or it is undefined (C17 7.16.1.1). What is
 * shorter than an int was promoted to one, unsigned or not. */
static uint64_t integer_argument(struct output *out, const struct spec *spec,
				 char letter)
{
	if (spec->bytes < sizeof(int))
		return (uint64_t)va_arg(out->args, int);
	if (spec->bytes == sizeof(int))
		return is_signed(letter) ? (uint64_t)va_arg(out->args, int) :
					   va_arg(out->args, unsigned int);
	if (spec->long_long)
		return is_signed(letter) ?
			       (uint64_t)va_arg(out->args, long long) :
			       va_arg(out->args, unsigned long long);
	return is_signed(letter) ? (uint64_t)va_arg(out->args, long) :
				   va_arg(out->args, unsigned long);
}

/* Bits per digit; 0 for decimal; -1 if there is no such conversion. */
static int bits_per_digit(char letter)
{
	switch (letter) {
	case 'd':
	case 'i':
	case 'u':
		return 0;
	case 'b':
		return 1;
	case 'o':
		return 3;
	case 'x':
	case 'X':
		return 4;
	default:
		return -1;
	}
}

/* Returns false if there is no such conversion of an integer. */
static bool convert_integer(struct output *out, struct spec *spec, char letter)
{
	struct number number = { .prefix_length = 0 };
	int bits = bits_per_digit(letter);
	unsigned int unused = 64 - 8 * spec->bytes;
	uint64_t value;

	if (bits < 0)
		return false;
	number.bits = (unsigned int)bits;
	value = integer_argument(out, spec, letter) << unused;
	if (is_signed(letter))
		set_signed(&number, spec, (int64_t)value >> unused);
	else
		set_unsigned(&number, spec, value >> unused, letter);
	put_number(out, spec, &number);
	return true;
}

/* ---- Text in ----------------------------------------------------------- */

static void put_padded(struct output *out, const struct spec *spec,
		       const char *text, size_t length)
{
	size_t padding = spec->width > length ? spec->width - length : 0;

	if (!(spec->flags & FLAG_LEFT))
		put_repeated(out, ' ', padding);
	put(out, text, length);
	if (spec->flags & FLAG_LEFT)
		put_repeated(out, ' ', padding);
}

static void put_string(struct output *out, const struct spec *spec)
{
	const char *text = va_arg(out->args, const char *);

	if (!text)
		put_padded(out, spec, "(null)", 6);
	else if (spec->precision == NO_PRECISION)
		put_padded(out, spec, text, strlen(text));
	else
		put_padded(out, spec, text, strnlen(text, spec->precision));
}

static void put_pointer(struct output *out, struct spec *spec)
{
	uintptr_t value = (uintptr_t)va_arg(out->args, void *);
	struct number number = { .bits = 4 };

	if (!value) {
		put_padded(out, spec, "(nil)", 5);
		return;
	}
	spec->flags |= FLAG_ALT;
	set_unsigned(&number, spec, value, 'x');
	put_number(out, spec, &number);
}

/* ---- Formats ----------------------------------------------------------- */

static const char *parse_flags(struct spec *spec, const char *at)
{
	for (;; at++) {
		switch (*at) {
		case '-':
			spec->flags |= FLAG_LEFT;
			break;
		case '+':
			spec->flags |= FLAG_PLUS;
			break;
		case ' ':
			spec->flags |= FLAG_SPACE;
			break;
		case '0':
			spec->flags |= FLAG_ZERO;
			break;
		case '#':
			spec->flags |= FLAG_ALT;
			break;
		default:
			return at;
		}
	}
}

/* Stops growing where a further digit would overflow an int. */
static const char *parse_digits(unsigned int *number, const char *at)
{
	unsigned int value = 0;

	for (; *at >= '0' && *at <= '9'; at++)
		value = value < INT_MAX / 10 ?
				value * 10 + (unsigned int)(*at - '0') :
				INT_MAX;
	*number = value;
	return at;
}

static const char *parse_width(struct output *out, struct spec *spec,
			       const char *at)
{
	if (*at == '*') {
		int width = va_arg(out->args, int);

		spec->width = (unsigned int)width;
		if (width < 0) {
			spec->flags |= FLAG_LEFT;
			spec->width = -spec->width;
		}
		at++;
	} else {
		at = parse_digits(&spec->width, at);
	}
	spec->width = clamp(spec->width);
	return at;
}

static const char *parse_precision(struct output *out, struct spec *spec,
				   const char *at)
{
	if (*at != '.')
		return at;
	if (*++at == '*') {
		int precision = va_arg(out->args, int);

		if (precision >= 0)
			spec->precision = (unsigned int)precision;
		return at + 1;
	}
	return parse_digits(&spec->precision, at);
}

static const char *parse_length(struct spec *spec, const char *at)
{
	switch (*at) {
	case 'h':
		spec->bytes = at[1] == 'h' ? sizeof(char) : sizeof(short);
		return at + 1 + (at[1] == 'h');
	case 'l':
		spec->bytes = sizeof(long long);
		spec->long_long = at[1] == 'l';
		return at + 1 + spec->long_long;
	case 'z':
	case 'j':
	case 't':
		spec->bytes = sizeof(intmax_t);
		return at + 1;
	default:
		return at;
	}
}

#define IS_TYPE(type, other) _Generic((type)0, other : 1, default : 0)
_Static_assert(IS_TYPE(size_t, unsigned long) && IS_TYPE(intmax_t, long) &&
		       IS_TYPE(ptrdiff_t, long),
	       "z, j and t are l");
_Static_assert(sizeof(long) == 8 && sizeof(long long) == 8,
	       "l and ll are one length");

/* Returns false if there is no such conversion at all. */
static bool convert(struct output *out, struct spec *spec, char letter)
{
	char c;

	switch (letter) {
	case 's':
		put_string(out, spec);
		return true;
	case 'c':
		c = (char)va_arg(out->args, int);
		put_padded(out, spec, &c, 1);
		return true;
	case 'p':
		put_pointer(out, spec);
		return true;
	default:
		return convert_integer(out, spec, letter);
	}
}

/* `at` follows a '%'. Returns where the format goes on. */
static const char *conversion(struct output *out, const char *at)
{
	struct spec spec = {
		.precision = NO_PRECISION,
		.bytes = sizeof(int),
	};
	const char *letter;

	if (*at == '%') {
		put_char(out, '%');
		return at + 1;
	}
	if (*at < 'A') { /* as all flags and digits are */
		at = parse_flags(&spec, at);
		at = parse_width(out, &spec, at);
		at = parse_precision(out, &spec, at);
	}
	letter = parse_length(&spec, at);
	if (letter != at ? convert_integer(out, &spec, *letter) :
			   convert(out, &spec, *letter))
		return letter + 1;
	put(out, "%!", 2);
	put(out, letter, strlen(letter));
	return "";
}

static int format_all(struct output *out, const char *format)
{
	size_t length;

	while (*format) {
		const char *text = format;

		format = strchrnul(text, '%');
		put(out, text, (size_t)(format - text));
		if (*format)
			format = conversion(out, format + 1);
	}
	length = out->gone + (size_t)(out->at - out->start);
	return length > INT_MAX ? -1 : (int)length;
}

int kvsnprintf(char *buffer, size_t size, const char *format, va_list args)
{
	char nowhere;
	char *start = size ? buffer : &nowhere; /* C allows (NULL, 0) */
	struct output out = {
		.at = start,
		.end = size ? start + size - 1 : start,
		.start = start,
	};
	int length;

	va_copy(out.args, args);
	length = format_all(&out, format);
	va_end(out.args);
	*out.at = '\0';
	return length;
}

int ksnprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = kvsnprintf(buffer, size, format, args);
	va_end(args);
	return length;
}

int kvformat(const struct format_sink *sink, const char *format, va_list args)
{
	char piece[FORMAT_PIECE];
	struct output out = {
		.at = piece,
		.end = piece + sizeof(piece),
		.start = piece,
		.sink = sink,
	};
	int length;

	va_copy(out.args, args);
	length = format_all(&out, format);
	va_end(out.args);
	flush(&out);
	return length;
}

void text_add(struct text *text, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = kvsnprintf(text->at, text->left, format, args);
	va_end(args);
	if (length < 0)
		return;
	if ((size_t)length >= text->left)
		length = text->left ? (int)text->left - 1 : 0;
	text->at += length;
	text->left -= (size_t)length;
}
