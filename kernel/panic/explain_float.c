/*
 * explain_float.c - floating-point exceptions: x87 (SDM 1, "x87 FPU Status
 * Register") and SSE (SDM 1, "MXCSR Control and Status Register"), which have
 * the same six.
 */
#include "boot/x86.h"
#include "kernel/panic/explain_text.h"

#define KINDS 6

static const char *const kinds[KINDS] = {
	"invalid operation", "denormal operand", "division by zero",
	"overflow",	     "underflow",	 "inexact result",
};

/* Those that happened and are not masked. */
static uint32_t kinds_of(const struct trap_facts *facts)
{
	if (facts->frame->vector == VECTOR_MF)
		return facts->x87_status & ~(uint32_t)facts->x87_control;
	return facts->mxcsr & ~(facts->mxcsr >> MXCSR_MASK_SHIFT);
}

void explain_float(struct text *text, const struct trap_facts *facts)
{
	uint32_t happened = kinds_of(facts);
	const char *between = ": ";

	for (unsigned int i = 0; i < KINDS; i++) {
		if (happened >> i & 1) {
			text_add(text, "%s%s", between, kinds[i]);
			between = ", ";
		}
	}
	if (facts->frame->vector == VECTOR_MF)
		text_add(text, ", by an x87 instruction before this one");
}
