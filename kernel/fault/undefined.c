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
	{ "u-add", undefined_add, NULL },
	{ "u-subtract", undefined_subtract, NULL },
	{ "u-multiply", undefined_multiply, NULL },
	{ "u-negate", undefined_negate, NULL },
	{ "u-divide", undefined_divide, NULL },
	{ "u-divide-overflow", undefined_divide_overflow, NULL },
	{ "u-shift", undefined_shift, NULL },
	{ "u-shift-negative", undefined_shift_negative, NULL },
	{ "u-shift-out", undefined_shift_out, NULL },
	{ "u-index", undefined_index, NULL },
	{ "u-null", undefined_null, NULL },
	{ "u-align", undefined_misaligned, NULL },
	{ "u-bool", undefined_not_bool, NULL },
	{ "u-pointer", undefined_pointer, NULL },
	{ "u-unreachable", undefined_unreachable, NULL },
};
const size_t undefined_count = sizeof(undefined) / sizeof(undefined[0]);

#else

const struct fault undefined[] = { { NULL, NULL, NULL } };
const size_t undefined_count = 0;

#endif
