/*
 * badcalls.c - calls the kernel with random numbers and values. Pointers are of
 * every kind. The words say how often, and, with its own number, where the
 * random numbers begin: no two at once do the same.
 */
#include "user/call.h"
#include "user/print.h"
#include "words.h"

#define TIMES 100000

int main(int count, char **words);

static uint64_t state;

/* xorshift64 (Marsaglia, "Xorshift RNGs") */
static uint64_t random(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static char writable[0x3000];
static const char constant[64] = "a constant";

static uint64_t random_value(void)
{
	uint64_t small = random() % 64;

	switch (random() % 15) {
	case 0:
		return 0;
	case 1:
		return small;
	case 2:
		return -small;
	case 3:
		return random();
	case 4: /* the kernel's: text, variables, ranges, the screen */
		return 0x100000 + random() % 0x400000;
	case 5:
		return 0xFFFF800000000000 + random() % (1ULL << 46);
	case 6:
		return 0xB8000 + small;
	case 7:
		return (uint64_t)writable + random() % sizeof(writable);
	case 8:
		return (uint64_t)constant + small;
	case 9: /* about its stack's ends */
		return PROGRAM_STACK_TOP - PROGRAM_STACK_BYTES - 32 + small;
	case 10:
		return PROGRAM_STACK_TOP - 32 + small;
	case 11:
		return PROGRAM_HIGH - 32 + small;
	case 12:
		return 1ULL << random() % 64;
	case 13:
		return PROGRAM_MAPS + (random() % 0x40 << 12);
	default:
		return PROGRAM_MAPS + random() % 0x40000;
	}
}

/* Not those that end it, wait without an end, or show what it passes. */
static uint64_t random_call(void)
{
	uint64_t number;

	do {
		number = random() % 8 ? random() % (CALL_COUNT + 2) : random();
	} while (number == CALL_EXIT || number == CALL_RECEIVE ||
		 number == CALL_SLEEP);
	return number;
}

static int may_be_called(uint64_t number, uint64_t first, uint64_t second)
{
	if (number == CALL_WRITE)
		return first < PROGRAM_LOW || first > PROGRAM_HIGH || !second;
	if (number == CALL_READ)
		return first < PROGRAM_LOW || first > PROGRAM_HIGH;
	if (number == CALL_KILL)
		return (int64_t)first != call_getpid();
	if (number == CALL_SEND) /* a mailbox that nobody reads gets full */
		return first > UINT32_MAX;
	return 1;
}

int main(int count, char **words)
{
	uint64_t times = TIMES, seed = 1, failed = 0;

	if ((count > 1 && number_parse(words[1], NULL, &times)) ||
	    (count > 2 && number_parse(words[2], NULL, &seed)) || !seed) {
		print("usage: badcalls [TIMES [SEED]]\n");
		return 1;
	}
	state = (seed << 32 | (uint64_t)call_getpid()) * 0x9E3779B97F4A7C15;
	for (uint64_t i = 0; i < times; i++) {
		uint64_t number = random_call();
		uint64_t first = random_value(), second = random_value();

		if (may_be_called(number, first, second))
			failed += call(number, first, second) < 0;
	}
	print("%lu calls, %lu refused\n", times, failed);
	return 0;
}
