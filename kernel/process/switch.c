/*
 * switch.c - what a program has beside a thread's registers: page tables, x87
 * and SSE registers, data segments, a stack for ring 0. The kernel uses none of
 * these, so they change only between threads of which one runs a program.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/memory/pages.h"
#include "kernel/process/parts.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"

#define SAVE_SEGMENT(name, to) \
	__asm__ volatile("movw %%" #name ", %0" : "=m"(to))
#define LOAD_SEGMENT(name, from) \
	__asm__ volatile("movl %0, %%" #name : : "r"((uint32_t)(from)))

static void save(struct process *process)
{
	__asm__ volatile("fxsave64 %0" : "=m"(process->fx));
	SAVE_SEGMENT(ds, process->ds);
	SAVE_SEGMENT(es, process->es);
	SAVE_SEGMENT(fs, process->fs);
	SAVE_SEGMENT(gs, process->gs);
	LOAD_SEGMENT(ds, SEL_DATA);
	LOAD_SEGMENT(es, SEL_DATA);
	LOAD_SEGMENT(fs, 0);
	LOAD_SEGMENT(gs, 0);
}

static void restore(const struct process *process, const struct thread *thread)
{
	__asm__ volatile("fxrstor64 %0" : : "m"(process->fx));
	LOAD_SEGMENT(ds, process->ds);
	LOAD_SEGMENT(es, process->es);
	LOAD_SEGMENT(fs, process->fs);
	LOAD_SEGMENT(gs, process->gs);
	cpu_here()->tss.rsp[0] = (uint64_t)thread->stack + THREAD_STACK_BYTES;
}

/* CR3 first: what the other one had is released when its thread is done, and no
 * processor may use its tables then. */
static void switch_program(struct thread *from, struct thread *to)
{
	cpu_write_cr3(to->process ? to->process->memory.space.root :
				    pages_root());
	if (from->process)
		save(from->process);
	if (to->process)
		restore(to->process, to);
}

void switch_start(void)
{
	sched_switch_program = switch_program;
}

void switch_begin(struct process *process)
{
	struct thread *me = sched_current();
	const uint16_t control = X87_CONTROL_RESET;
	const uint32_t mxcsr = MXCSR_RESET;

	__builtin_memcpy(process->fx + FX_CONTROL, &control, sizeof(control));
	__builtin_memcpy(process->fx + FX_MXCSR, &mxcsr, sizeof(mxcsr));
	me->process = process;
	cpu_write_cr3(process->memory.space.root);
	restore(process, me);
}
