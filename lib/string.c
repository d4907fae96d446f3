/*
 * string.c - memory and string functions.
 *
 * Bulk work is done by the string instructions, eight bytes at a time: they
 * are small, and the fastest way to move memory without SSE.
 */
#include "string.h"

#include <stdint.h>

/* Or gcc turns the loops of memcpy and strlen into calls to themselves. */
#ifndef __clang__
#pragma GCC optimize("no-tree-loop-distribute-patterns")
#endif

static void copy_up(void *to, const void *from, size_t bytes)
{
	size_t words = bytes / 8;
	size_t rest = bytes % 8;

	__asm__ volatile("rep movsq\n\t"
			 "mov %[rest], %%rcx\n\t"
			 "rep movsb"
			 : "+D"(to), "+S"(from), "+c"(words)
			 : [rest] "r"(rest)
			 : "memory");
}

static void copy_down(void *to, const void *from, size_t bytes)
{
	char *to_end = (char *)to + bytes;
	const char *from_end = (const char *)from + bytes;

	for (; bytes >= 8; bytes -= 8) {
		uint64_t word;

		to_end -= 8;
		from_end -= 8;
		__builtin_memcpy(&word, from_end, 8);
		__builtin_memcpy(to_end, &word, 8);
	}
	while (bytes--)
		*--to_end = *--from_end;
}

void *memcpy(void *to, const void *from, size_t bytes)
{
	copy_up(to, from, bytes);
	return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
	if ((uintptr_t)to - (uintptr_t)from >= bytes)
		copy_up(to, from, bytes);
	else
		copy_down(to, from, bytes);
	return to;
}

void *memset(void *to, int byte, size_t bytes)
{
	uint64_t pattern = (uint8_t)byte * 0x0101010101010101u;
	void *at = to;
	size_t words = bytes / 8;
	size_t rest = bytes % 8;

	__asm__ volatile("rep stosq\n\t"
			 "mov %[rest], %%rcx\n\t"
			 "rep stosb"
			 : "+D"(at), "+c"(words)
			 : "a"(pattern), [rest] "r"(rest)
			 : "memory");
	return to;
}

int memcmp(const void *a, const void *b, size_t bytes)
{
	const unsigned char *left = a;
	const unsigned char *right = b;

	for (size_t i = 0; i < bytes; i++)
		if (left[i] != right[i])
			return left[i] - right[i];
	return 0;
}

size_t strlen(const char *text)
{
	return strnlen(text, SIZE_MAX);
}

size_t strnlen(const char *text, size_t max)
{
	size_t length = 0;

	while (length < max && text[length])
		length++;
	return length;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, SIZE_MAX);
}

int strncmp(const char *a, const char *b, size_t max)
{
	for (size_t i = 0; i < max; i++) {
		unsigned char left = (unsigned char)a[i];
		unsigned char right = (unsigned char)b[i];

		if (left != right || !left)
			return left - right;
	}
	return 0;
}

char *strchr(const char *text, int wanted)
{
	for (;; text++) {
		if (*text == (char)wanted)
			return (char *)(uintptr_t)text;
		if (!*text)
			return NULL;
	}
}
