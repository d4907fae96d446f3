/*
 * mutex.h - a lock whose waiters sleep, and a condition to wait for with it.
 *
 *	static struct mutex mutex = MUTEX("list");
 *	static struct condition not_empty = CONDITION("the list is not empty");
 *
 *	mutex_lock(&mutex);
 *	while (!list)
 *		condition_wait(&not_empty, &mutex);
 *	...
 *	mutex_unlock(&mutex);
 *
 * Who locked it may print, allocate, sleep, and be preempted; interrupts stay
 * on. To lock it twice, to unlock what one does not hold, and to wait with a
 * spinlock held are panics. Waiters get it in the order in which they came.
 *
 * Context: a thread, no spinlock held; not an interrupt.
 */
#ifndef KERNEL_SYNC_MUTEX_H
#define KERNEL_SYNC_MUTEX_H

#include <stdatomic.h>
#include <stdint.h>

#include "kernel/thread/types.h"

struct mutex {
	/* The thread that has it, and MUTEX_WAITED if others wait; 0: free. */
	_Atomic uint64_t owner;
	uint64_t waited; /* how often somebody had to wait */
	struct wait_queue queue;
};

#define MUTEX_WAITED 1 /* addresses of threads are even */

/* The thread that has it, at the moment; NULL: it is free. */
static inline struct thread *mutex_owner(const struct mutex *mutex)
{
	return (struct thread *)(atomic_load_explicit(&mutex->owner,
						      memory_order_relaxed) &
				 ~(uint64_t)MUTEX_WAITED);
}

/* The monitor's command locks shows those that are listed, as SPINLOCK_LISTED()
 * lists spinlocks. */
#define MUTEX_LISTED(listed)                             \
	static const struct mutex *const listed_##listed \
		__attribute__((used, section(".mutexes." #listed))) = &listed

#define MUTEX(name)                     \
	{                               \
		.queue = WAIT_QUEUE(name) \
	}

struct condition {
	struct wait_queue queue;
};

#define CONDITION(name)                 \
	{                               \
		.queue = WAIT_QUEUE(name) \
	}

void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);

/* Unlock, wait until the condition is signalled, lock again: nothing can happen
 * between the first two. What is waited for must be looked at again. */
void condition_wait(struct condition *condition, struct mutex *mutex);

/* Wake one waiter, or all. The mutex may be held or not. */
void condition_signal(struct condition *condition);
void condition_broadcast(struct condition *condition);

#endif
