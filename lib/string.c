/*
 * string.c - memory and string functions.
 *
 * Up to SHORT bytes are moved by a few loads and stores, more by the string
 * instructions, eight bytes a step: the fastest way without SSE, but slow to
 * start. An odd end is never moved byte by byte: the last word is moved a
 * second time, overlapping the one before it.
 */
#include "string.h"

#include <stdint.h>

/* Or gcc turns the loops of memcpy and strlen into calls to themselves. */
#ifndef __clang__
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

#define WORD sizeof(uint64_t)
#define SHORT (8 * WORD)
#define IN_EACH_BYTE 0x0101010101010101u /* times a byte: a word of it */

static uint64_t load(const char *from)
{
	uint64_t word;

	__builtin_memcpy(&word, from, WORD);
	return word;
}

static void store(char *to, uint64_t word)
{
	__builtin_memcpy(to, &word, WORD);
}

/* ---- Copying ----------------------------------------------------------- */

/* Below one word. All is read before anything is written. */
static void copy_bytes(char *to, const char *from, size_t bytes)
{
	if (bytes >= 4) {
		uint32_t first, last;

		__builtin_memcpy(&first, from, 4);
		__builtin_memcpy(&last, from + bytes - 4, 4);
		__builtin_memcpy(to, &first, 4);
		__builtin_memcpy(to + bytes - 4, &last, 4);
	} else if (bytes) {
		char first = from[0];
		char middle = from[bytes / 2];
		char last = from[bytes - 1];

		to[0] = first;
		to[bytes / 2] = middle;
		to[bytes - 1] = last;
	}
}

/* From the lowest address on: right if `to` is not inside the source. */
static void copy_up(char *to, const char *from, size_t bytes)
{
	uint64_t last = load(from + bytes - WORD);
	char *to_last = to + bytes - WORD;
	size_t words = (bytes - 1) / WORD;

	if (bytes <= SHORT)
		for (; words; words--, to += WORD, from += WORD)
			store(to, load(from));
	else
		__asm__ volatile("rep movsq"
				 : "+D"(to), "+S"(from), "+c"(words)
				 :
				 : "memory");
	store(to_last, last);
}

/* From the highest address on. */
static void copy_down(char *to, const char *from, size_t bytes)
{
	uint64_t first = load(from);

	for (; bytes > WORD; bytes -= WORD)
		store(to + bytes - WORD, load(from + bytes - WORD));
	store(to, first);
}

void *memcpy(void *to, const void *from, size_t bytes)
{
	if (bytes < WORD)
		copy_bytes(to, from, bytes);
	else
		copy_up(to, from, bytes);
	return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
	if (bytes < WORD)
		copy_bytes(to, from, bytes);
	else if ((uintptr_t)to - (uintptr_t)from >= bytes)
		copy_up(to, from, bytes);
	else
		copy_down(to, from, bytes);
	return to;
}

/* ---- Filling ----------------------------------------------------------- */

/* Below one word. */
static void fill_bytes(char *to, uint64_t pattern, size_t bytes)
{
	if (bytes >= 4) {
		uint32_t four = (uint32_t)pattern;

		__builtin_memcpy(to, &four, 4);
		__builtin_memcpy(to + bytes - 4, &four, 4);
	} else if (bytes) {
		to[0] = (char)pattern;
		to[bytes / 2] = (char)pattern;
		to[bytes - 1] = (char)pattern;
	}
}

static void fill_words(char *to, uint64_t pattern, size_t bytes)
{
	size_t words = (bytes - 1) / WORD;

	store(to + bytes - WORD, pattern);
	if (bytes <= SHORT)
		for (; words; words--, to += WORD)
			store(to, pattern);
	else
		__asm__ volatile("rep stosq"
				 : "+D"(to), "+c"(words)
				 : "a"(pattern)
				 : "memory");
}

void *memset(void *to, int byte, size_t bytes)
{
	uint64_t pattern = (uint8_t)byte * IN_EACH_BYTE;

	if (bytes < WORD)
		fill_bytes(to, pattern, bytes);
	else
		fill_words(to, pattern, bytes);
	return to;
}

/* ---- Comparing --------------------------------------------------------- */

int memcmp(const void *a, const void *b, size_t bytes)
{
	const char *left = a;
	const char *right = b;

	while (bytes >= WORD && load(left) == load(right)) {
		left += WORD;
		right += WORD;
		bytes -= WORD;
	}
	for (; bytes; bytes--, left++, right++)
		if (*left != *right)
			return (uint8_t)*left - (uint8_t)*right;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t max)
{
	for (; max; max--, a++, b++)
		if (*a != *b || !*a)
			return (uint8_t)*a - (uint8_t)*b;
	return 0;
}

/* ---- Searching --------------------------------------------------------- */

/* Bit 7 of the lowest byte that is 0, and of no byte below it. */
static uint64_t zero_byte(uint64_t word)
{
	return (word - IN_EACH_BYTE) & ~word & 0x80 * IN_EACH_BYTE;
}

/* ASan does not know that a string may be read in aligned words. */
__attribute__((no_sanitize_address)) static uint64_t
load_aligned(uintptr_t address)
{
	return *(const uint64_t *)address;
}

char *strchrnul(const char *text, int wanted)
{
	uint64_t pattern = (uint8_t)wanted * IN_EACH_BYTE;
	uintptr_t at = (uintptr_t)text & ~(WORD - 1);
	uint64_t before = ((uint64_t)1 << (uintptr_t)text % WORD * 8) - 1;
	uint64_t found = 0;

	for (; !found; before = 0, at += WORD) {
		uint64_t word = load_aligned(at);

		found = zero_byte(word | before) |
			zero_byte((word ^ pattern) | before);
	}
	at += (uintptr_t)__builtin_ctzll(found) / 8 - WORD;
	return (char *)at;
}

char *strchr(const char *text, int wanted)
{
	char *found = strchrnul(text, wanted);

	return *found == (char)wanted ? found : NULL;
}

size_t strlen(const char *text)
{
	return (size_t)(strchrnul(text, '\0') - text);
}

size_t strnlen(const char *text, size_t max)
{
	size_t length = 0;

	while (length < max && text[length])
		length++;
	return length;
}
