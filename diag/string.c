/*
 * string.c - functions that the compiler calls; lib/string.c is for 64 bits.
 */
#include <stddef.h>

void *memcpy(void *to, const void *from, size_t bytes);
void *memset(void *to, int byte, size_t bytes);

void *memcpy(void *to, const void *from, size_t bytes)
{
	void *result = to;

	__asm__ volatile("rep movsb"
			 : "+D"(to), "+S"(from), "+c"(bytes)
			 :
			 : "memory");
	return result;
}

void *memset(void *to, int byte, size_t bytes)
{
	void *result = to;

	__asm__ volatile("rep stosb"
			 : "+D"(to), "+c"(bytes)
			 : "a"(byte)
			 : "memory");
	return result;
}
