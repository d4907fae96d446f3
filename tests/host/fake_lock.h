/*
 * fake_lock.h - takes the place of kernel/sync/spinlock.h: the test sees who
 * takes a lock.
 */
#ifndef TESTS_FAKE_LOCK_H
#define TESTS_FAKE_LOCK_H
#define KERNEL_SYNC_SPINLOCK_H

#include <stdbool.h>

struct spinlock {
	const char *name;
	bool taken;
};

struct spinlock_held {
	struct spinlock *lock;
};

#define SPINLOCK(name_)         \
	{                       \
		.name = (name_) \
	}
#define SPINLOCK_LISTED(lock) _Static_assert(sizeof(lock), "a lock")

struct spinlock_held spinlock_take(struct spinlock *lock);
void spinlock_release(const struct spinlock_held *held);

#define SPINLOCK_HOLD(lock)                                          \
	const struct spinlock_held spinlock_held                     \
		__attribute__((cleanup(spinlock_release), unused)) = \
			spinlock_take(lock)

#endif
