/*
 * digits.h - the digits of integers, without signs, prefixes or padding.
 *
 * A number's length is known before its first digit is written, so digits go
 * straight to their place. Any context.
 */
#ifndef LIB_DIGITS_H
#define LIB_DIGITS_H

#include <stdint.h>

/* Digits that the largest 64-bit number has in the smallest base. */
#define DIGITS_MAX 64

extern const char digits_lower[16];
extern const char digits_upper[16];

/* Digits of `value` without leading zeros, 1 for 0. `bits` per digit: 1, 3 or
 * 4, or 0 for decimal. */
unsigned int digits_count(uint64_t value, unsigned int bits);

/* Writes `value` with leading zeros up to `digits` digits, no NUL. `digits` is
 * at least digits_count(), or 0 for a 0 that is not to be seen. */
void digits_write_decimal(char *to, unsigned int digits, uint64_t value);

/* The same in base 1 << bits; `alphabet` is digits_lower or digits_upper. */
void digits_write_power2(char *to, unsigned int digits, uint64_t value,
			 unsigned int bits, const char *alphabet);

#endif
