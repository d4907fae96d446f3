/*
 * sched.h - who runs: between the files of this room.
 *
 * One lock guards all of it: states, run queues, wait queues. It is held while
 * the processor goes from one thread to the next: the one that goes takes it,
 * the one that comes releases it. So no thread can be seen that is in a queue,
 * and whose registers are not saved yet.
 */
#ifndef KERNEL_THREAD_SCHED_H
#define KERNEL_THREAD_SCHED_H

#include <stddef.h>
#include <stdint.h>

#include "kernel/sync/spinlock.h"
#include "kernel/thread/types.h"

extern struct spinlock sched_lock;
#define SCHED_HOLD() SPINLOCK_HOLD(&sched_lock)

/* With the lock held: */

/* Who gives the processor away holds no other spinlock: the place of one is
 * told with what the thread does, "waits for ", "keys". */
_Noreturn void sched_locks_held(const char *verb, const char *what);

static inline void sched_check_locks(const struct cpu *cpu, const char *verb,
				     const char *what)
{
	if (cpu->locks_held > 1)
		sched_locks_held(verb, what);
}

/* Give the processor to the next one. What the calling thread waits for has
 * been noted, or it is in the run queue; returns when it runs again. */
void sched_switch(void);

/* Give this processor to the first one in its run queue, if there is any, and
 * go to the end of that queue. The idle thread does not: it looks by itself. */
void sched_take_turns(struct cpu *cpu);

/* Put it into the run queue of its processor. */
void sched_ready(struct thread *thread);

/* Call this with the number of a processor that sleeps when a thread becomes
 * ready that it could run: once, until it has looked. It returns false if
 * nothing could be sent. */
void sched_on_wake(bool (*wake)(uint32_t cpu));

/* The calling thread, inline; NULL before threads_start(). Without the lock. */
static inline struct thread *sched_this(void)
{
	uint64_t flags = cpu_flags();
	struct thread *thread;

	/* On which processor, and whom it runs: no switch in between. */
	cpu_interrupts_off();
	thread = cpu_here()->thread;
	if (flags & EFLAGS_IF)
		cpu_interrupts_on();
	return thread;
}

/* At the end of every interrupt, when the controller has been told: threads
 * that waited for it are woken, and the timer's takes the processor away. It
 * may return much later. Without the lock, interrupts off. */
void sched_interrupt_ends(unsigned int irq);

/* A processor begins with its idle thread. */
void sched_add_idle(void);

/* This processor, which is idle, looks now whether anybody is ready: next time
 * it must be told again. */
void sched_idle_looks(void);

/* Call this at each tick: if a thread became ready and no processor could be
 * told of it, one is told now. */
void sched_wake_again(void);

extern volatile uint64_t sched_ready_count; /* threads in all run queues */

/* Is anybody ready? */
static inline bool sched_has_ready(void)
{
	return sched_ready_count != 0;
}

/* Called at a switch between two threads of which one runs a program, at least.
 * NULL: there are no programs. */
extern void (*sched_switch_program)(struct thread *from, struct thread *to);

/* The calling thread. */
static inline struct thread *sched_current(void)
{
	return cpu_here()->thread;
}

/* Everybody; a number of its own for each. */
extern struct thread *sched_all;

/* switch.asm */
void thread_switch(struct thread *from, struct thread *to);
uint64_t thread_lay_first_frame(uint64_t top, void (*begin)(void));
void thread_begin(void);

/* ---- The last switches -------------------------------------------- */

#define TRACE_SWITCHES 256

/* Of 32 bytes, so that an index needs no multiplication. */
struct trace_switch {
	_Alignas(32) uint64_t at; /* TSC */
	uint32_t cpu;
	uint32_t from, to; /* numbers of threads */
};

/* Note one, by the threads' numbers. The scheduler's lock is held. */
void trace_switch(uint64_t at, uint32_t cpu, uint32_t from, uint32_t to);

/* Copy at most so many, the oldest first; returns how many. The scheduler's
 * lock is held. */
size_t trace_read(struct trace_switch *switches, size_t most);

#endif
