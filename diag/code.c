/*
 * code.c - the diagnostics as one line for a bug report.
 */
#include "diag/code.h"

#include "crc32c.h"

#define DIGIT_BITS 5

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#define CODE_BITS(name, bits, what) bits,
static const uint8_t field_bits[] = { CODE_FIELDS(CODE_BITS) };
#define FIELDS (sizeof(field_bits) / sizeof(field_bits[0]))
_Static_assert(sizeof(struct code) == FIELDS * sizeof(uint32_t),
	       "a code is an array of its fields");

#define CODE_SUM(name, bits, what) +bits
_Static_assert(0 CODE_FIELDS(CODE_SUM) <= 8 * CODE_DATA_BYTES,
	       "the fields fit into the line");

/* Bits, the highest first, in bytes. */
static void put_bits(uint8_t *bytes, unsigned int *at, uint32_t value,
		     unsigned int bits)
{
	while (bits--) {
		if (value >> bits & 1)
			bytes[*at / 8] |= (uint8_t)(0x80 >> *at % 8);
		++*at;
	}
}

static uint32_t get_bits(const uint8_t *bytes, unsigned int *at,
			 unsigned int bits)
{
	uint32_t value = 0;

	for (; bits; bits--, ++*at)
		value = value << 1 | (bytes[*at / 8] >> (7 - *at % 8) & 1);
	return value;
}

static uint32_t largest(unsigned int bits)
{
	return UINT32_MAX >> (32 - bits);
}

static uint32_t checksum(const uint8_t *bytes)
{
	return crc32c(0, bytes, CODE_DATA_BYTES) & largest(CODE_CRC_BITS);
}

#define BYTES (CODE_DIGITS * DIGIT_BITS / 8 + 1)

void code_write(const struct code *code, char text[CODE_TEXT_MAX])
{
	const uint32_t *values = (const uint32_t *)(const void *)code;
	uint8_t bytes[BYTES] = { 0 };
	unsigned int at = 0;

	for (unsigned int i = 0; i < FIELDS; i++) {
		uint32_t most = largest(field_bits[i]);

		put_bits(bytes, &at, values[i] < most ? values[i] : most,
			 field_bits[i]);
	}
	at = 8 * CODE_DATA_BYTES;
	put_bits(bytes, &at, checksum(bytes), CODE_CRC_BITS);

	for (const char *from = CODE_PREFIX; *from; from++)
		*text++ = *from;
	at = 0;
	for (unsigned int i = 0; i < CODE_DIGITS; i++) {
		if (i % CODE_GROUP == 0)
			*text++ = '-';
		*text++ = digits[get_bits(bytes, &at, DIGIT_BITS)];
	}
	*text = '\0';
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* A digit's value, -1 for what is none. */
static int digit_value(char c)
{
	c = upper(c);
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	for (int i = 0; digits[i]; i++)
		if (digits[i] == c)
			return i;
	return -1;
}

/* What follows the prefix, wherever that is; NULL: there is none. */
static const char *find_digits(const char *text)
{
	for (; *text; text++)
		if (upper(text[0]) == CODE_PREFIX[0] &&
		    upper(text[1]) == CODE_PREFIX[1] &&
		    digit_value(text[2]) == digit_value(CODE_PREFIX[2]))
			return text + sizeof(CODE_PREFIX) - 1;
	return NULL;
}

/* Digits into bytes; returns how many. Blanks and dashes are skipped. */
static unsigned int read_digits(const char *text, uint8_t *bytes)
{
	unsigned int count = 0, at = 0;

	for (; *text && count < CODE_DIGITS; text++) {
		int value = digit_value(*text);

		if (*text == '-' || *text == ' ' || *text == '\n')
			continue;
		if (value < 0)
			break;
		put_bits(bytes, &at, (uint32_t)value, DIGIT_BITS);
		count++;
	}
	return count;
}

const char *code_read(const char *text, struct code *code)
{
	uint32_t *values = (uint32_t *)(void *)code;
	uint8_t bytes[BYTES] = { 0 };
	unsigned int at = 8 * CODE_DATA_BYTES;

	text = find_digits(text);
	if (!text)
		return "it does not begin with " CODE_PREFIX;
	if (read_digits(text, bytes) != CODE_DIGITS)
		return "it is too short, or has a character that no code has";
	if (get_bits(bytes, &at, CODE_CRC_BITS) != checksum(bytes))
		return "its checksum is wrong: some character is another";
	at = 0;
	for (unsigned int i = 0; i < FIELDS; i++)
		values[i] = get_bits(bytes, &at, field_bits[i]);
	return NULL;
}

#define NEED_NAME(name) #name,

const char *code_feature(unsigned int index)
{
	static const char *const names[] = { CODE_NEEDS(
		NEED_NAME) "long-mode" };

	return index < sizeof(names) / sizeof(names[0]) ? names[index] : NULL;
}
