/*
 * exception.c - the CPU's exceptions in words.
 */
#include "exception.h"

#include <stdint.h>

#include "boot/x86.h"

/* One string after the other, in order of the vectors: in stage 2 a table of
 * pointers would cost 256 bytes more, a compiler's own alignment 24. Empty:
 * reserved. */
/* clang-format off */
static const _Alignas(1) char names[] =
	"#DE divide error\0"
	"#DB debug\0"
	"NMI interrupt\0"
	"#BP breakpoint\0"
	"#OF overflow\0"
	"#BR bound range exceeded\0"
	"#UD invalid opcode\0"
	"#NM no x87 FPU\0"
	"#DF double fault\0"
	"\0" /* a 386 and its 387: coprocessor segment overrun */
	"#TS invalid TSS\0"
	"#NP segment not present\0"
	"#SS stack fault\0"
	"#GP general protection\0"
	"#PF page fault\0"
	"\0"
	"#MF x87 FPU error\0"
	"#AC alignment check\0"
	"#MC machine check\0"
	"#XM SIMD error\0"
	"#VE virtualization\0"
	"#CP control protection\0"
	"\0"
	"\0"
	"\0"
	"\0"
	"\0"
	"\0"
	"#HV hypervisor\0"
	"#VC VMM communication\0"
	"#SX security\0"
	"\0"
	"not an exception";
/* clang-format on */

const char *exception_name(unsigned int vector)
{
	const char *name = names;

	if (vector > EXCEPTIONS)
		vector = EXCEPTIONS;
	for (; vector; vector--)
		while (*name++)
			;
	return *name ? name : "reserved";
}

bool exception_has_error_code(unsigned int vector)
{
	return vector < EXCEPTIONS && (EXCEPTION_ERROR_CODES >> vector & 1);
}
