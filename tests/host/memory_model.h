/*
 * memory_model.h - random operations on frames, heap and ranges, each beside a
 * model that is too simple to be wrong.
 */
#ifndef TESTS_MEMORY_MODEL_H
#define TESTS_MEMORY_MODEL_H

#include <stdint.h>

/*
 * So many random operations from a seed; what went differently is printed.
 * Returns whether all agreed. About one in eight is a mistake, which must be
 * refused with the right error and change nothing. Ends with everything
 * released, and the counts must be those of the beginning.
 */
int model_frames(uint64_t seed, uint64_t count);
int model_heap(uint64_t seed, uint64_t count);
int model_ranges(uint64_t seed, uint64_t count);

/* Print what does not hold, once, and let the function return 0. */
#define MUST(condition)                                                \
	do {                                                           \
		if (!(condition)) {                                    \
			fprintf(stderr, "%s:%d: %s, operation %llu\n", \
				__FILE__, __LINE__, #condition,        \
				(unsigned long long)round);            \
			return 0;                                      \
		}                                                      \
	} while (0)

#endif
