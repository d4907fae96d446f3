/*
 * types.h - what a thread is, and a queue of threads. Only the files of this
 * room and of sync/ look into these.
 */
#ifndef KERNEL_THREAD_TYPES_H
#define KERNEL_THREAD_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/sanitize/locks.h"

#define THREAD_NAME_MAX 15 /* characters */

enum thread_state { THREAD_READY, THREAD_RUNNING, THREAD_WAITING, THREAD_DONE };

/* Those that wait for something (wait.h). */
struct wait_queue {
	const char *name; /* for the monitor's command threads */
	struct thread *first, *last;
};

#define WAIT_QUEUE(name_)       \
	{                       \
		.name = (name_) \
	}

struct thread {
	uint64_t rsp; /* while it does not run; first: switch.asm */
	struct thread *next; /* in a queue */
	struct thread *all_next;
	enum thread_state state;
	uint32_t number, cpu;
	uint32_t nesting; /* of handlers, see struct cpu */
	bool joined;
	bool timed_out;
	uint64_t wake_ns; /* 0: no time ends its wait */
	struct thread *wake_next; /* in the order of wake_ns */
	struct wait_queue *waits_in;
	struct wait_queue joiner;
	uint64_t ran_ticks, since; /* TSC */
	uint64_t switches;
	void *stack; /* NULL: the boot stack */
	int64_t (*function)(void *);
	void *argument;
	int64_t result;
	/* The program that it runs; NULL: none. kernel/process/ sets it. */
	struct process *process;
	char name[THREAD_NAME_MAX + 1];
#ifdef SANITIZE
	struct locks_held mutexes;
#endif
};

#endif
