/*
 * random.h - reproducible random numbers for tests (SplitMix64).
 */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state; /* the seed */
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t mixed = random->state += 0x9E3779B97F4A7C15;

	mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
	mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
	return mixed ^ mixed >> 31;
}

/* 0..limit-1; limit is not 0. */
static inline uint32_t random_below(struct random *random, uint32_t limit)
{
	return (uint32_t)((random_next(random) >> 32) * limit >> 32);
}

/* As many small numbers as large ones: a random count of significant bits. */
static inline uint64_t random_magnitude(struct random *random)
{
	uint64_t bits = random_next(random);

	return bits >> random_below(random, 64);
}

#endif
