/*
 * string.h - memory and string functions, as in C (ISO C17 7.24, POSIX).
 *
 * Any context: no locks, no allocation, no SSE. The compiler calls memcpy,
 * memmove, memset and memcmp by itself, so every stage links this file.
 *
 * Strings are read in aligned words, so up to seven bytes of the word that
 * holds the NUL are read too; they lie in the same page.
 */
#ifndef LIB_STRING_H
#define LIB_STRING_H

#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memmove(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);
int memcmp(const void *a, const void *b, size_t bytes);

size_t strlen(const char *text);
size_t strnlen(const char *text, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
char *strchr(const char *text, int wanted);

/* As strchr(), but at the terminating NUL when there is no `wanted`. */
char *strchrnul(const char *text, int wanted);

#endif
