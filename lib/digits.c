/*
 * digits.c - the digits of integers.
 */
#include "digits.h"

const char digits_lower[16] = { '0', '1', '2', '3', '4', '5', '6', '7',
				'8', '9', 'a', 'b', 'c', 'd', 'e', 'f' };
const char digits_upper[16] = { '0', '1', '2', '3', '4', '5', '6', '7',
				'8', '9', 'A', 'B', 'C', 'D', 'E', 'F' };

/* 00 to 99: two digits for one division. */
static const char digit_pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233"
	"34353637383940414243444546474849505152535455565758596061626364656667"
	"6869707172737475767778798081828384858687888990919293949596979899";

static unsigned int decimal_length(uint64_t value)
{
	static const uint64_t longer_from[] = {
		0,
		10,
		100,
		1000,
		10000,
		100000,
		1000000,
		10000000,
		100000000,
		1000000000,
		10000000000,
		100000000000,
		1000000000000,
		10000000000000,
		100000000000000,
		1000000000000000,
		10000000000000000,
		100000000000000000,
		1000000000000000000,
		10000000000000000000u,
	};
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(value | 1);
	unsigned int length = bits * 1233 / 4096; /* log10(2) = 0.30103 */

	return length + (value >= longer_from[length]);
}

unsigned int digits_count(uint64_t value, unsigned int bits)
{
	unsigned int length = 64 - (unsigned int)__builtin_clzll(value | 1);

	switch (bits) {
	case 0:
		return decimal_length(value);
	case 1:
		return length;
	case 3:
		return (length + 2) / 3;
	default:
		return (length + 3) / 4;
	}
}

static char *write_pair(char *end, unsigned int pair)
{
	__builtin_memcpy(end - 2, &digit_pairs[pair * 2], 2);
	return end - 2;
}

/* From the last digit on. Dividing 32 bits is cheaper than 64. */
void digits_write_decimal(char *to, unsigned int digits, uint64_t value)
{
	char *end = to + digits;
	uint32_t small;

	for (; value > UINT32_MAX; value /= 100)
		end = write_pair(end, (unsigned int)(value % 100));
	for (small = (uint32_t)value; end - to >= 2; small /= 100)
		end = write_pair(end, small % 100);
	if (end != to)
		*to = (char)('0' + small);
}

void digits_write_power2(char *to, unsigned int digits, uint64_t value,
			 unsigned int bits, const char *alphabet)
{
	unsigned int mask = (1u << bits) - 1;

	for (char *end = to + digits; end != to; value >>= bits)
		*--end = alphabet[value & mask];
}
