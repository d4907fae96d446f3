/*
 * look_a20.c - is A20 open, and what opens it? As stage 2 does it (HW-23).
 */
#include "diag/door.h"
#include "diag/look.h"
#include "x86/port.h"

#define NOT_TOLD 0xFF

extern stage2_routine stage2_a20_enable;
extern stage2_variable stage2_a20_method;

static void ask_bios(uint32_t function, struct registers *answer)
{
	*answer = (struct registers){ .eax = function };
	bios_call(INT_SYSTEM, answer);
}

void look_at_a20(struct a20_facts *a20)
{
	struct registers answer;

	ask_bios(0x2402, &answer);
	a20->status_answer = answer.flags & EFLAGS_CF ? NOT_TOLD :
							(uint8_t)answer.eax;
	ask_bios(0x2403, &answer);
	a20->support_answer = answer.flags & EFLAGS_CF ? NOT_TOLD :
							 (uint8_t)answer.ebx;
	a20->port_92 = port_read(PORT_92);
	if (!stage2_call(stage2_a20_enable))
		a20->method = stage2_byte(stage2_a20_method);
	a20->was_open = a20->method == A20_WAS_OPEN;
}
