/*
 * spinlock.h - a ticket lock that knows who holds it, and since where.
 *
 *	static struct spinlock lock = SPINLOCK("console");
 *
 *	void f(void)
 *	{
 *		SPINLOCK_HOLD(&lock);	// until the end of the block
 *		...
 *	}
 *
 * Interrupts are off while a lock is held and as before afterwards; leaving
 * the block in any way (return, break, goto) releases it, so neither can be
 * forgotten. Processors get the lock in the order in which they asked. Taking
 * it twice on one processor, or releasing what one does not hold, is a panic
 * that names both places.
 *
 * Memory ordering: taking the lock is an acquire, releasing it a release of
 * `serving`: all that a holder wrote is seen by the next one.
 *
 * Context: any but NMI.
 */
#ifndef KERNEL_SYNC_SPINLOCK_H
#define KERNEL_SYNC_SPINLOCK_H

#include <stdatomic.h>
#include <stdint.h>

#include "kernel/place.h"

struct spinlock {
	const char *name;
	_Atomic uint32_t next; /* ticket that the next comer draws */
	_Atomic uint32_t serving; /* ticket whose holder may go on */
	_Atomic uint32_t owner; /* cpu_number() + 1 of the holder, 0: free */
	const struct place *_Atomic place; /* where it was taken, NULL: free */
};

#define SPINLOCK(name_)         \
	{                       \
		.name = (name_) \
	}

/* The panic page shows who holds a lock that is listed:
 *
 *	static struct spinlock irq_lock = SPINLOCK("irq");
 *	SPINLOCK_LISTED(irq_lock);
 */
#define SPINLOCK_LISTED(lock)                                      \
	static const struct spinlock *const listed_##lock          \
		__attribute__((used, section(".locks." #lock))) = &lock

/* What must be undone when the lock is released. */
struct spinlock_held {
	struct spinlock *lock;
	uint64_t flags; /* RFLAGS before */
};

struct spinlock_held spinlock_take(struct spinlock *lock,
				   const struct place *place);
void spinlock_release(const struct spinlock_held *held);

#define SPINLOCK_HOLD(lock) SPINLOCK_HOLD_(lock, __COUNTER__)
#define SPINLOCK_HOLD_(lock, n) SPINLOCK_HOLD__(lock, n)
#define SPINLOCK_HOLD__(lock, n)                                     \
	const struct spinlock_held spinlock_held_##n                 \
		__attribute__((cleanup(spinlock_release), unused)) = \
			spinlock_take((lock), HERE)

#endif
