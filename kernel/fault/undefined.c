/*
 * undefined.c - undefined behaviour on request, each kind that a sanitized
 * kernel (make SANITIZE=1) tells in words.
 */
#include <stdbool.h>
#include <stdint.h>

#include "kernel/fault/kinds.h"

#ifdef SANITIZE

/* Not known to the compiler. */
static volatile int one = 1, large = INT32_MAX, small = INT32_MIN, forty = 40;
static volatile int sink;

static void undefined_add(void)
{
	sink = large + one;
}

static void undefined_subtract(void)
{
	sink = small - one;
}

static void undefined_multiply(void)
{
	sink = large * forty;
}

static void undefined_negate(void)
{
	sink = -small;
}

static void undefined_divide(void)
{
	sink = forty / (one - 1);
}

static void undefined_divide_overflow(void)
{
	sink = small / -one;
}

static void undefined_shift(void)
{
	sink = one << forty;
}

static void undefined_shift_negative(void)
{
	sink = one << -forty;
}

static void undefined_shift_out(void)
{
	sink = large << one;
}

static void undefined_index(void)
{
	static int array[4];

	sink = array[forty];
}

static void undefined_null(void)
{
	int *volatile pointer = NULL;

	*pointer = 1;
}

static void undefined_misaligned(void)
{
	static _Alignas(int) char bytes[2 * sizeof(int)];
	char *volatile pointer = bytes + 1;

	sink = *(int *)(void *)pointer;
}

static void undefined_not_bool(void)
{
	static volatile uint8_t byte = 7;

	sink = *(volatile bool *)&byte;
}

static void undefined_pointer(void)
{
	char *volatile pointer = (char *)UINTPTR_MAX;
	volatile size_t far = 16;

	pointer = pointer + far;
}

static void undefined_unreachable(void)
{
	if (one)
		__builtin_unreachable();
}

const struct fault undefined[] = {
	{ "u-add", "a sum that overflows", undefined_add, NULL },
	{ "u-subtract", "a difference that overflows", undefined_subtract,
	  NULL },
	{ "u-multiply", "a product that overflows", undefined_multiply, NULL },
	{ "u-negate", "the negative of the smallest number", undefined_negate,
	  NULL },
	{ "u-divide", "a division by zero, in C", undefined_divide, NULL },
	{ "u-divide-overflow", "a quotient that overflows",
	  undefined_divide_overflow, NULL },
	{ "u-shift", "a shift by more bits than there are", undefined_shift,
	  NULL },
	{ "u-shift-negative", "a shift by a negative number",
	  undefined_shift_negative, NULL },
	{ "u-shift-out", "a shift that pushes bits out", undefined_shift_out,
	  NULL },
	{ "u-index", "an index beyond an array", undefined_index, NULL },
	{ "u-null", "a write through a null pointer", undefined_null, NULL },
	{ "u-align", "a read through a misaligned pointer",
	  undefined_misaligned, NULL },
	{ "u-bool", "a bool that is neither 0 nor 1", undefined_not_bool,
	  NULL },
	{ "u-pointer", "a sum of pointer and number that wraps",
	  undefined_pointer, NULL },
	{ "u-unreachable", "a place that is called unreachable",
	  undefined_unreachable, NULL },
};
const size_t undefined_count = sizeof(undefined) / sizeof(undefined[0]);

#else

const struct fault undefined[] = { { NULL, NULL, NULL, NULL } };
const size_t undefined_count = 0;

#endif
