/*
 * wait.h - a queue of threads that wait for something.
 *
 *	static struct wait_queue queue = WAIT_QUEUE("keys");
 *
 *	{
 *		SCHED_HOLD();
 *		while (!there_is_a_key)
 *			wait_in(&queue);
 *		...
 *	}
 *
 * What is waited for is looked at and changed with the scheduler's lock held:
 * nobody can change it between the look and the wait, so no wake-up is lost.
 */
#ifndef KERNEL_THREAD_WAIT_H
#define KERNEL_THREAD_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/thread/types.h"

/* Wait until somebody wakes this thread. The scheduler's lock is held, and held
 * again afterwards. */
void wait_in(struct wait_queue *queue);

/* The same, but at most until that time by clock_ns(): false then. */
bool wait_in_until(struct wait_queue *queue, uint64_t ns);

/* Wake the one that has waited longest; false: nobody waits. The scheduler's
 * lock is held. Context: any but NMI. */
bool wait_wake_one(struct wait_queue *queue);
void wait_wake_all(struct wait_queue *queue);

/* Wake this one, which waits. The scheduler's lock is held. */
void wait_wake(struct thread *thread);

/* Wake all whose time has come. The scheduler's lock is held. */
void wait_wake_due(void);

/* Does a time end anybody's wait? */
bool wait_has_times(void);

#endif
