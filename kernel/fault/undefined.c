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

static void add(void)
{
	sink = large + one;
}

static void subtract(void)
{
	sink = small - one;
}

static void multiply(void)
{
	sink = large * forty;
}

static void negate(void)
{
	sink = -small;
}

static void divide(void)
{
	sink = forty / (one - 1);
}

static void divide_overflow(void)
{
	sink = small / -one;
}

static void shift(void)
{
	sink = one << forty;
}

static void shift_negative(void)
{
	sink = one << -forty;
}

static void shift_out(void)
{
	sink = large << one;
}

static void index(void)
{
	static int array[4];

	sink = array[forty];
}

static void null(void)
{
	int *volatile pointer = NULL;

	*pointer = 1;
}

static void misaligned(void)
{
	static _Alignas(int) char bytes[2 * sizeof(int)];
	char *volatile pointer = bytes + 1;

	sink = *(int *)(void *)pointer;
}

static void not_bool(void)
{
	static volatile uint8_t byte = 7;

	sink = *(volatile bool *)&byte;
}

static void pointer_wraps(void)
{
	char *volatile pointer = (char *)UINTPTR_MAX;
	volatile size_t far = 16;

	pointer = pointer + far;
}

static void unreachable(void)
{
	if (one)
		__builtin_unreachable();
}

const struct fault undefined[] = {
	{ "u-add", add, NULL },
	{ "u-subtract", subtract, NULL },
	{ "u-multiply", multiply, NULL },
	{ "u-negate", negate, NULL },
	{ "u-divide", divide, NULL },
	{ "u-divide-overflow", divide_overflow, NULL },
	{ "u-shift", shift, NULL },
	{ "u-shift-negative", shift_negative, NULL },
	{ "u-shift-out", shift_out, NULL },
	{ "u-index", index, NULL },
	{ "u-null", null, NULL },
	{ "u-align", misaligned, NULL },
	{ "u-bool", not_bool, NULL },
	{ "u-pointer", pointer_wraps, NULL },
	{ "u-unreachable", unreachable, NULL },
};
const size_t undefined_count = sizeof(undefined) / sizeof(undefined[0]);

#else

const struct fault undefined[] = { { NULL, NULL, NULL } };
const size_t undefined_count = 0;

#endif
