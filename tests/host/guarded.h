/*
 * guarded.h - memory that ends in front of a page nobody may touch, so that
 * even an instruction that the sanitizers can't see faults one byte beyond.
 */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>

/* `bytes` (a multiple of 4096) of zeros; never freed. */
static inline void *guarded_area(size_t bytes)
{
	char *area = mmap(NULL, bytes + 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED || mprotect(area + bytes, 4096, PROT_NONE))
		abort();
	return area;
}

#endif
