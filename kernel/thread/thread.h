/*
 * thread.h - several functions that run as if at once, each on its own stack.
 *
 *	static int64_t work(void *argument) { ...; return 0; }
 *
 *	struct thread *thread = thread_create("work", work, argument);
 *	...
 *	result = thread_join(thread);
 *
 * States: ready (in the run queue), running, waiting (in a wait queue, wait.h,
 * or until a time), done (not joined yet). The timer's tick takes the processor
 * from a thread that others wait for, unless the command line says
 * sched=cooperative.
 *
 * Context, if nothing else is said: a thread, interrupts on or off, and no
 * spinlock held: whoever waits with one held would keep all others out, which
 * is a panic that names the lock.
 */
#ifndef KERNEL_THREAD_THREAD_H
#define KERNEL_THREAD_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/thread/types.h"

#define THREAD_STACK_BYTES 0x4000
/* Make what runs now the first thread, "main". Needs kmalloc_start(). */
void threads_start(void);

/* Let the timer's ticks end waits, and take the processor away. Needs
 * timer_start(). */
void threads_start_ticks(void);

/* For processor `number`, which is not started yet: its idle thread. Returns
 * the RSP that it starts with; 0: no memory is left. */
uint64_t threads_prepare_cpu(uint32_t number);

/* On it, with interrupts off: run threads, for ever. */
_Noreturn void threads_run_cpu(void);

/* A thread that calls function(argument), and is done when that returns. The
 * name is copied, and cut. NULL: no memory is left. Context: also before
 * threads_start_ticks(). */
struct thread *thread_create(const char *name, int64_t (*function)(void *),
			     void *argument);

/* Wait until it is done, and release it; what its function returned. A panic if
 * it is the calling thread, or is joined by somebody else already. */
int64_t thread_join(struct thread *thread);

/* End the calling thread, as if its function returned. */
_Noreturn void thread_exit(int64_t result);

/* Let others run first, if any are ready. */
void thread_yield(void);

/* Wait at least so long: until a tick at or after the end. */
void thread_sleep_ns(uint64_t ns);

/* How many interrupts of devices and timers have been answered so far, on any
 * processor. Context: any. */
uint64_t thread_interrupts(void);

/* Wait until there were more than so many: what was looked at after
 * thread_interrupts() was asked can have changed only by another one. */
void thread_wait_interrupt(uint64_t seen);

/* Let them look again, as if an interrupt had come: what they wait for has
 * changed by what a thread did. The scheduler's lock is held. */
void thread_wake_interrupt_waiters(void);

/* Whether the timer's ticks take the processor from a thread. */
bool thread_is_preempted(void);

/* The calling thread; NULL before threads_start(). Context: any. */
struct thread *thread_this(void);

/* ---- What is known of threads -------------------------------------------- */

struct thread_info {
	uint32_t number;
	char name[THREAD_NAME_MAX + 1];
	enum thread_state state;
	uint32_t cpu; /* where it runs, or ran last */
	const char *waits_for; /* what a wait queue is called; NULL */
	uint64_t stack, stack_bytes; /* 0: the boot stack */
	uint64_t ran_ns; /* so far */
	uint64_t switches; /* how often it was given a processor */
};

/* The n-th, in the order of their creation; false: there are no more. */
bool thread_nth(size_t n, struct thread_info *info);

/* "ready", ... */
const char *thread_state_name(enum thread_state state);

#endif
