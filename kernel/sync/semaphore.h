/*
 * semaphore.h - a number that is waited for until it is not 0.
 *
 *	static struct semaphore full = SEMAPHORE("a full buffer", 0);
 *
 *	semaphore_up(&full);	// anywhere, also in an interrupt's handler
 *	semaphore_down(&full);	// in a thread: waits while it is 0
 */
#ifndef KERNEL_SYNC_SEMAPHORE_H
#define KERNEL_SYNC_SEMAPHORE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/thread/types.h"

struct semaphore {
	uint64_t count;
	struct wait_queue queue;
};

#define SEMAPHORE(name, count_)                                   \
	{                                                         \
		.count = (count_), .queue = WAIT_QUEUE(name) \
	}

/* Context: any but NMI. */
void semaphore_up(struct semaphore *semaphore);

/* Context: a thread, no spinlock held. */
void semaphore_down(struct semaphore *semaphore);

/* The same for at most so long: false if it was 0 all the time. */
bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns);

#endif
