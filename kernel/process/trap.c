/*
 * trap.c - what comes from ring 3: calls, page faults that are a service, and
 * faults that end a program.
 */
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/process/parts.h"
#include "kernel/process/process.h"
#include "kernel/thread/thread.h"

/* From a handler to a thread, which may be interrupted, wait and be preempted,
 * and back. */
static void become_thread(void)
{
	cpu_here()->nesting--;
	cpu_interrupts_on();
}

static void become_handler(void)
{
	cpu_interrupts_off();
	cpu_here()->nesting++;
}

/* An absent page of the program: touched by itself, or by a copy for it. */
static enum memory_fault fill(struct process *me, vaddr_t address)
{
	enum memory_fault result;

	become_thread();
	result = memory_fill(&me->memory, address);
	me->faults++;
	become_handler();
	return result;
}

/* Those that are the processor's matter, not the program's. */
static bool is_programs_fault(uint64_t vector)
{
	return vector < EXCEPTIONS && vector != VECTOR_NMI &&
	       vector != VECTOR_DF && vector != VECTOR_MC;
}

static bool trap(struct trap_frame *frame)
{
	struct process *me = cpu_here()->thread->process;
	enum memory_fault filled = MEMORY_ABSENT;
	bool is_ring_3 = frame->cs & 3;
	vaddr_t address = 0;

	if (!me)
		return false;
	if (!is_programs_fault(frame->vector))
		return false;
	if (frame->vector == VECTOR_PF) {
		address = cpu_cr2();
		if (!(frame->error & PF_PRESENT))
			filled = fill(me, address);
		if (filled == MEMORY_FILLED)
			return true;
	}
	if (!is_ring_3)
		return false;
	become_thread();
	report_fault(me, frame, address, filled == MEMORY_NONE_LEFT);
	process_end(CALL_FAULTED, (int64_t)frame->vector);
}

/* Back to ring 3, interrupts off. */
static void leave(struct trap_frame *frame)
{
	const struct thread *thread = cpu_here()->thread;

	if (!thread || !thread->process)
		return;
	if (thread->process->killed)
		process_end(CALL_KILLED, 0);
	/* Programs share a processor even where the kernel's threads don't. */
	if (!thread_is_preempted() && frame->vector >= EXCEPTIONS)
		thread_yield();
}

void process_start_all(void)
{
	static const struct interrupt_programs programs = {
		.call = call_enter,
		.trap = trap,
		.leave = leave,
	};

	process_start_reaper();
	switch_start();
	interrupt_let_programs(&programs);
}
