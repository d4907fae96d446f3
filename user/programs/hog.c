/*
 * hog.c - takes memory until there is none.
 */
#include "user/call.h"

#define STEP 0x1000 /* bytes, a page */
#define BYTES (1ULL << 40)

int main(void);

int main(void)
{
	int64_t start = call_map(BYTES);

	if (start <= 0)
		return 1;
	for (uint64_t i = 0; i < BYTES; i += STEP)
		*(volatile char *)(start + (int64_t)i) = 1;
	return 0;
}
