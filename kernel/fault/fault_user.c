/*
 * fault_user.c - #AC, which only ring 3 can cause. Where the CPU does not check
 * alignment, ring 3 comes back.
 */
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/fault/kinds.h"
#include "kernel/memory/pages.h"

/* fault_modes.asm: to ring 3 and back, and what runs there. */
void fault_user_visit(uint64_t flags, void *rsp0);
void fault_user_return(void);
void fault_user_code(void);

/* HLT is not for ring 3: that is how it comes back. */
static void return_from_ring3(struct trap_frame *frame)
{
	frame->rip = (uint64_t)fault_user_return;
	frame->cs = SEL_CODE;
	frame->ss = SEL_DATA;
	frame->rsp = cpu_this()->tss.rsp[0];
}

void fault_unaligned(void)
{
	/* The page is the kernel's text, which the kernel executes, too. */
	cpu_write_cr4(cpu_cr4() & ~(uint64_t)CR4_SMEP);
	pages_let_user_execute((uint64_t)fault_user_code, true);
	cpu_write_cr0(cpu_cr0() | CR0_AM);
	interrupt_handle(VECTOR_GP, return_from_ring3);
	fault_user_visit(EFLAGS_AC, &cpu_this()->tss.rsp);
}

/* When it went to ring 3 the CPU has cleared DS and ES, which were ring 0's
 * (SDM 2A, IRET). */
void fault_unaligned_close(void)
{
	__asm__ volatile("movl %0, %%ds; movl %0, %%es" : : "r"(SEL_DATA));
	interrupt_handle(VECTOR_GP, NULL);
	cpu_write_cr0(cpu_cr0() & ~(uint64_t)CR0_AM);
	pages_let_user_execute((uint64_t)fault_user_code, false);
	cpu_protect_start_cpu();
	cpu_this()->tss.rsp[0] = 0;
}
