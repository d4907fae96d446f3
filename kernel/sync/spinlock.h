/*
 * spinlock.h - a ticket lock that knows who holds it, and since where.
 *
 *	static struct spinlock timer_lock = SPINLOCK("timer");
 *
 *	void f(void)
 *	{
 *		SPINLOCK_HOLD(&timer_lock);	// until the end of the block
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
 * Taking a lock that is free, and releasing it, is inline. All else is a call.
 *
 * Context: any but NMI.
 */
#ifndef KERNEL_SYNC_SPINLOCK_H
#define KERNEL_SYNC_SPINLOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/sanitize/locks.h"
#include "kernel/symbols.h"

struct spinlock {
	const char *name;
	_Atomic uint32_t next; /* ticket that the next comer draws */
	_Atomic uint32_t serving; /* ticket whose holder may go on */
	_Atomic uint64_t owner; /* cpu_selector() of the holder, 0: free */
	const struct place *_Atomic place; /* where it was taken, NULL: free */
	_Atomic uint64_t waited; /* how often somebody had to wait */
};

#define SPINLOCK(name_)         \
	{                       \
		.name = (name_) \
	}

/* The panic page, and the monitor's command locks, show who holds a lock that
 * is listed:
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

/* For what happens seldom: the lock is taken already, by this processor, which
 * panics, or another one; it is released by one that does not hold it. */
_Noreturn void spinlock_taken_twice(const struct spinlock *lock,
				    const struct place *place);
_Noreturn void spinlock_not_held(const struct spinlock *lock);
void spinlock_wait(struct spinlock *lock, uint32_t ticket);

/* What this processor holds beside `but`, for a panic's words: "'irq', taken in
 * f() at kernel/f.c:7", if it is listed. */
#define SPINLOCK_HELD_TEXT 112
const char *spinlock_describe_held(const struct spinlock *but, char *text);

#define SPINLOCK_RELAXED memory_order_relaxed

static inline __attribute__((always_inline)) struct spinlock_held
spinlock_take(struct spinlock *lock, const struct place *place)
{
	const uint64_t flags = cpu_flags();
	uint64_t me;
	uint32_t ticket;

	cpu_interrupts_off();
	me = cpu_selector();
	/* Only this processor ever stores its own selector: no race. */
	if (__builtin_expect(atomic_load_explicit(&lock->owner,
						  SPINLOCK_RELAXED) == me,
			     0))
		spinlock_taken_twice(lock, place);
	locks_take(lock->name, place);

	ticket = atomic_fetch_add_explicit(&lock->next, 1, SPINLOCK_RELAXED);
	if (__builtin_expect(atomic_load_explicit(&lock->serving,
						  memory_order_acquire) !=
				     ticket,
			     0))
		spinlock_wait(lock, ticket);

	atomic_store_explicit(&lock->place, place, SPINLOCK_RELAXED);
	atomic_store_explicit(&lock->owner, me, SPINLOCK_RELAXED);
	cpu_of(me)->locks_held++;
	locks_taken();
	return (struct spinlock_held){ lock, flags };
}

static inline __attribute__((always_inline)) void
spinlock_release(const struct spinlock_held *held)
{
	struct spinlock *lock = held->lock;
	uint64_t me = cpu_selector();

	if (__builtin_expect(atomic_load_explicit(&lock->owner,
						  SPINLOCK_RELAXED) != me,
			     0))
		spinlock_not_held(lock);
	locks_release(lock->name);

	cpu_of(me)->locks_held--;
	atomic_store_explicit(&lock->owner, 0, SPINLOCK_RELAXED);
	atomic_store_explicit(&lock->place, NULL, SPINLOCK_RELAXED);
	/* Only the holder moves `serving`, a plain store is enough. The ticket
	 * may be another thread's: the scheduler's lock is passed on. */
	atomic_store_explicit(&lock->serving,
			      atomic_load_explicit(&lock->serving,
						   SPINLOCK_RELAXED) +
				      1,
			      memory_order_release);
	if (held->flags & EFLAGS_IF)
		cpu_interrupts_on();
}

/* Whether nobody holds it or waits for it, at the moment. */
static inline bool spinlock_is_free(const struct spinlock *lock)
{
	return atomic_load_explicit(&lock->next, SPINLOCK_RELAXED) ==
	       atomic_load_explicit(&lock->serving, SPINLOCK_RELAXED);
}

#define SPINLOCK_HOLD(lock) SPINLOCK_HOLD_(lock, __COUNTER__)
#define SPINLOCK_HOLD_(lock, n) SPINLOCK_HOLD__(lock, n)
#define SPINLOCK_HOLD__(lock, n)                                     \
	const struct spinlock_held spinlock_held_##n                 \
		__attribute__((cleanup(spinlock_release), unused)) = \
			spinlock_take((lock), HERE)

#endif
