/*
 * fault.c - report an exception in 64-bit code.
 *
 * For stage 2 itself and for a kernel until it loads an IDT of its own: so a
 * first bug is a report, not a reset.
 */
#include "exception.h"

#include "stage2/stage2.h"

static uint64_t cr2_read(void)
{
	uint64_t value;

	__asm__ volatile("mov %%cr2, %0" : "=r"(value));
	return value;
}

_Noreturn void fault_report(uint32_t stub_offset, const uint64_t *stack)
{
	unsigned int vector = stub_offset / STUB_SIZE;
	uint64_t error_code = 0;

	if (exception_has_error_code(vector))
		error_code = *stack++;
	report_error(E_FAULT,
		     (const uint64_t[]){ (uintptr_t)exception_name(vector),
					 *stack, error_code, cr2_read() });
}
