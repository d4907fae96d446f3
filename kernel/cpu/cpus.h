/*
 * cpus.h - the processors, and all that belongs to one of them: nothing that
 * does is a variable of a file.
 *
 * A processor is known by its place in cpus[], 0 being the one that booted.
 * Which one is running is read from the task register (gdt.h), so it is right
 * in every context, NMI and panic included.
 */
#ifndef KERNEL_CPU_CPUS_H
#define KERNEL_CPU_CPUS_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "frame_cache.h"
#include "heap_cache.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/stack.h"
#include "kernel/cpu/trap.h"

/* Aligned so that its address is a shift of its number, and that no TSS lies
 * across two pages (SDM 3A, "Task-State Segment (TSS)"). */
struct thread; /* kernel/thread/ */

/* Threads that are ready, the next one first. */
struct run_queue {
	struct thread *first, *last;
	uint64_t count;
};

struct cpu {
	_Alignas(PAGE_SIZE) uint64_t started; /* CPU_STARTED: it was */
	uint32_t number; /* its place in cpus[] */
	uint32_t apic_id; /* local_apic_id(); 0 before irq_start_cpu() */
	uint32_t locks_held; /* spinlocks */
	uint32_t nesting; /* handlers that run, one inside the other */
	uint32_t ticks_skipped; /* in a row (kernel/thread/thread.c) */
	struct stack *stacks; /* STACKS of them */
	/* Where it was when another one panicked; NULL: it runs. */
	const struct trap_frame *stopped;
	struct thread *thread; /* that it runs; NULL before there are any */
	struct thread *idle; /* that it runs when nobody is ready */
	bool told; /* is idle, and will look whether anybody is ready */
	struct run_queue ready;
	_Atomic bool serves; /* shootdowns, from now on (below) */
	_Atomic uint64_t shootdowns; /* that it has served */
	uint32_t timer_hz; /* of its local timer (kernel/time/timer.c) */
	bool timer_paused; /* while it is idle */
	uint64_t tsc_at_start;
	bool tsc_behind; /* its TSC does not fit the one that started it */
	struct frame_cache frames; /* kernel/memory/frames.c */
	struct heap_cache heap; /* kernel/memory/kmalloc.c */
	struct tss tss;
	uint64_t interrupts[VECTORS]; /* how often each came */
};

/* A value that memory does not have by chance, for the panic page. */
#define CPU_STARTED 0x4350555374617274

_Static_assert(sizeof(struct cpu) == PAGE_SIZE, "the address is a shift");

extern struct cpu cpus[CPUS_MAX];

/* What the task register holds: a selector of its own for each processor. Not
 * 0, once it has done its gdt_start_cpu(). */
static inline uint64_t cpu_selector(void)
{
	uint64_t selector;

	__asm__ volatile("str %0" : "=r"(selector));
	return selector;
}

static inline uint32_t cpu_number_of(uint64_t selector)
{
	return (uint32_t)(selector - SEL_TSS) / TSS_ENTRY_SIZE;
}

/* Two instructions: a shift, and an offset in what uses it. */
static inline struct cpu *cpu_of(uint64_t selector)
{
	_Static_assert(PAGE_SIZE / TSS_ENTRY_SIZE == 1 << 8, "the shift");

	return (struct cpu *)((uint64_t)cpus - (SEL_TSS << 8) +
			      (selector << 8));
}

/* The number of the processor that runs this; 0 before its gdt_start_cpu().
 * Context: any; where interrupts are on, the caller may be on another processor
 * when it uses the answer. */
static inline uint32_t cpu_number(void)
{
	uint64_t selector = cpu_selector();

	return selector < SEL_TSS ? 0 : cpu_number_of(selector);
}

static inline struct cpu *cpu_this(void)
{
	return &cpus[cpu_number()];
}

/* The same in two instructions, for a processor that has done its
 * gdt_start_cpu(). */
static inline struct cpu *cpu_here(void)
{
	return cpu_of(cpu_selector());
}

/* In a block, the processor that runs it, with interrupts off: what belongs to
 * it is used by nobody else.
 *
 *	CPU_HOLD(cpu);
 *
 *	cpu->...
 */
#define CPU_HOLD(name)                                                      \
	const uint64_t name##_flags                                         \
		__attribute__((cleanup(cpu_release), unused)) = cpu_hold(); \
	struct cpu *const name = cpu_here()

/**
 * cpu_start - what every processor does first, for itself
 * @number:	its own, 0..CPUS_MAX - 1
 * @own:	STACKS stacks, all its own
 *
 * From here on a fault of this processor ends in the panic page. Needs
 * gdt_start() and interrupt_start(). Interrupts off; they stay off.
 */
void cpu_start(uint32_t number, struct stack *own);

/*
 * ---- Shootdown: pages that became absent leave the TLBs of all --------------
 *
 * A processor keeps in its TLB what it has read of page tables. Before a frame
 * is used for something else, all processors must have forgotten where it was:
 * a number counts up, all are interrupted, and it is waited until each has
 * forgotten all since. One that waits for a lock with interrupts off serves
 * that, too: nobody waits for somebody who waits for him.
 */

/* How the others are interrupted: called with interrupts off. Once. */
void shootdown_by(void (*send)(void));

/* From now on shootdowns wait for this processor, too: its page tables are the
 * kernel's, and it can be interrupted for one. Interrupts off. */
void shootdown_start_cpu(void);

/* Let all processors that run forget their TLBs, this one included. Interrupts
 * off. A panic if one does not answer. */
void shootdown(void);

/* Do what was asked for, if anything. Context: any but NMI, interrupts off. */
void shootdown_serve(void);

#endif
