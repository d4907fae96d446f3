/*
 * format.c - printf-style formatting.
 *
 * A number's length is known before its first digit is written, so all text
 * goes straight to its place: padding, sign or prefix, zeros, digits.
 */
#include "format.h"

#include <stdbool.h>
#include <stdint.h>

#include "string.h"

/* gcc's <limits.h> wants a libc below it. */
#define INT_MAX __INT_MAX__
#define UINT_MAX (2U * INT_MAX + 1)

enum flag {
	FLAG_LEFT = 1,	/* - */
	FLAG_PLUS = 2,	/* + */
	FLAG_SPACE = 4, /* space */
	FLAG_ZERO = 8,	/* 0 */
	FLAG_ALT = 16,	/* # */
};

/* One conversion specification. */
struct spec {
	unsigned int flags;
	unsigned int width;
	unsigned int precision; /* NO_PRECISION: none was given */
	unsigned int bytes;	/* size of the integer argument */
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
	unsigned int digits;  /* how many the value has, 0 for none */
	unsigned int shift;   /* bits per digit, 0 for decimal */
	const char *alphabet; /* digits of a base that is a power of two */
	char prefix[2];	      /* sign or base */
	unsigned int prefix_length;
};

static const char lower_digits[] = "0123456789abcdef";
static const char upper_digits[] = "0123456789ABCDEF";
static const char digit_pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233"
	"34353637383940414243444546474849505152535455565758596061626364656667"
	"6869707172737475767778798081828384858687888990919293949596979899";

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
	if (count > room(out)) {
		while (count--)
			put_char(out, c);
		return;
	}
	memset(out->at, c, count);
	out->at += count;
}

/* ---- Numbers ----------------------------------------------------------- */

static unsigned int decimal_length(uint64_t value)
{
	unsigned int length = 1;

	for (; value >= 10000; value /= 10000)
		length += 4;
	return length + (value >= 10) + (value >= 100) + (value >= 1000);
}

static unsigned int digits_of(uint64_t value, unsigned int shift)
{
	if (!value)
		return 1;
	if (!shift)
		return decimal_length(value);
	return (64 - (unsigned int)__builtin_clzll(value) + shift - 1) / shift;
}

/* Writes the last digits of `value` so that they end before `end`. */
static void write_decimal(char *end, unsigned int digits, uint64_t value)
{
	uint32_t small;

	for (; value > UINT32_MAX; value /= 100, digits -= 2) {
		end -= 2;
		memcpy(end, &digit_pairs[value % 100 * 2], 2);
	}
	small = (uint32_t)value;
	for (; digits >= 2; small /= 100, digits -= 2) {
		end -= 2;
		memcpy(end, &digit_pairs[small % 100 * 2], 2);
	}
	if (digits)
		end[-1] = (char)('0' + small);
}

static void write_digits(char *to, const struct number *number)
{
	char *end = to + number->digits;
	uint64_t value = number->value;

	if (!number->shift) {
		write_decimal(end, number->digits, value);
		return;
	}
	while (end > to) {
		*--end = number->alphabet[value & ((1u << number->shift) - 1)];
		value >>= number->shift;
	}
}

static void put_digits(struct output *out, const struct number *number)
{
	char scratch[64];

	if (number->digits <= room(out)) {
		write_digits(out->at, number);
		out->at += number->digits;
	} else {
		write_digits(scratch, number);
		put(out, scratch, number->digits);
	}
}

static unsigned int clamp(unsigned int value)
{
	return value < FORMAT_WIDTH_MAX ? value : FORMAT_WIDTH_MAX;
}

/* Zeros between prefix and digits; `length` is what precedes them. */
static unsigned int leading_zeros(const struct spec *spec,
				  const struct number *number)
{
	unsigned int length = number->prefix_length + number->digits;
	unsigned int zeros = 0;

	if (spec->precision != NO_PRECISION) {
		if (clamp(spec->precision) > number->digits)
			zeros = clamp(spec->precision) - number->digits;
	} else if ((spec->flags & (FLAG_ZERO | FLAG_LEFT)) == FLAG_ZERO) {
		if (spec->width > length)
			zeros = spec->width - length;
	}
	/* %#o makes the first digit a zero */
	if (number->shift == 3 && spec->flags & FLAG_ALT && !zeros &&
	    (number->value || !number->digits))
		zeros = 1;
	return zeros;
}

static void put_number(struct output *out, const struct spec *spec,
		       struct number *number)
{
	unsigned int zeros;
	unsigned int length;
	unsigned int padding;

	number->digits = digits_of(number->value, number->shift);
	if (!number->value && !spec->precision)
		number->digits = 0;
	zeros = leading_zeros(spec, number);
	length = number->prefix_length + zeros + number->digits;
	padding = spec->width > length ? spec->width - length : 0;
	if (!(spec->flags & FLAG_LEFT))
		put_repeated(out, ' ', padding);
	put(out, number->prefix, number->prefix_length);
	put_repeated(out, '0', zeros);
	put_digits(out, number);
	if (spec->flags & FLAG_LEFT)
		put_repeated(out, ' ', padding);
}

static uint64_t unsigned_argument(struct output *out, const struct spec *spec)
{
	switch (spec->bytes) {
	case 1:
		return (unsigned char)va_arg(out->args, unsigned int);
	case 2:
		return (unsigned short)va_arg(out->args, unsigned int);
	case 4:
		return va_arg(out->args, unsigned int);
	default:
		return va_arg(out->args, unsigned long);
	}
}

static int64_t signed_argument(struct output *out, const struct spec *spec)
{
	switch (spec->bytes) {
	case 1:
		return (signed char)va_arg(out->args, int);
	case 2:
		return (short)va_arg(out->args, int);
	case 4:
		return va_arg(out->args, int);
	default:
		return va_arg(out->args, long);
	}
}

static void put_signed(struct output *out, const struct spec *spec)
{
	int64_t value = signed_argument(out, spec);
	struct number number = { .value = (uint64_t)value };

	number.prefix_length = 1;
	if (value < 0) {
		number.value = -number.value;
		number.prefix[0] = '-';
	} else if (spec->flags & FLAG_PLUS) {
		number.prefix[0] = '+';
	} else if (spec->flags & FLAG_SPACE) {
		number.prefix[0] = ' ';
	} else {
		number.prefix_length = 0;
	}
	put_number(out, spec, &number);
}

/* `shift` is the bits per digit; `letter` follows 0 in the prefix. */
static void put_unsigned(struct output *out, const struct spec *spec,
			 uint64_t value, unsigned int shift, char letter)
{
	struct number number = {
		.value = value,
		.shift = shift,
		.alphabet = letter == 'X' ? upper_digits : lower_digits,
		.prefix = { '0', letter },
	};

	if (letter && value && spec->flags & FLAG_ALT)
		number.prefix_length = 2;
	put_number(out, spec, &number);
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

	spec->flags |= FLAG_ALT;
	if (value)
		put_unsigned(out, spec, value, 4, 'x');
	else
		put_padded(out, spec, "(nil)", 5);
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
		return at + 1 + (at[1] == 'l');
	case 'z':
	case 'j':
	case 't':
		spec->bytes = sizeof(intmax_t);
		return at + 1;
	default:
		return at;
	}
}

_Static_assert(sizeof(long) == 8 && sizeof(long long) == 8 &&
		       sizeof(size_t) == 8 && sizeof(intmax_t) == 8 &&
		       sizeof(ptrdiff_t) == 8,
	       "l ll z j t are one length");

/* Returns false if there is no such conversion of an integer. */
static bool convert_integer(struct output *out, struct spec *spec, char letter)
{
	switch (letter) {
	case 'd':
	case 'i':
		put_signed(out, spec);
		return true;
	case 'u':
		put_unsigned(out, spec, unsigned_argument(out, spec), 0, 0);
		return true;
	case 'x':
	case 'X':
		put_unsigned(out, spec, unsigned_argument(out, spec), 4,
			     letter);
		return true;
	case 'o':
		put_unsigned(out, spec, unsigned_argument(out, spec), 3, 0);
		return true;
	case 'b':
		put_unsigned(out, spec, unsigned_argument(out, spec), 1, 'b');
		return true;
	default:
		return false;
	}
}

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
	at = parse_flags(&spec, at);
	at = parse_width(out, &spec, at);
	at = parse_precision(out, &spec, at);
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

		while (*format && *format != '%')
			format++;
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
