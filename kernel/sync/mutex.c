#include "kernel/sync/mutex.h"

#include "kernel/panic/panic.h"
#include "kernel/sanitize/locks.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/wait.h"

/* ---- When others have it, or want it ------------------------------------- */

/* These two are not inline: else mutex_lock() and mutex_unlock() would always
 * save the registers that they change. */

/* Who unlocks it with somebody waiting passes it on, and it is ours when we
 * wake. */
static __attribute__((noinline)) void wait_for(struct mutex *mutex,
					       struct thread *me)
{
	uint64_t before = 0;
	SCHED_HOLD();

	/* Free meanwhile, or from now on its owner knows of us. */
	while (!atomic_compare_exchange_weak(&mutex->owner, &before,
					     before ? before | MUTEX_WAITED :
						      (uint64_t)me))
		;
	if (!before)
		return;
	if (mutex_owner(mutex) == me)
		panic("mutex '%s' locked twice by thread %u (%s)",
		      mutex->queue.name, me->number, me->name);
	mutex->waited++;
	wait_in(&mutex->queue);
}

/* To the one that has waited longest, or free. The scheduler's lock is held. */
static void pass_on(struct mutex *mutex)
{
	struct thread *next = mutex->queue.first;
	uint64_t more = next && next->next ? MUTEX_WAITED : 0;

	atomic_store(&mutex->owner, (uint64_t)next | more);
	if (next)
		wait_wake_one(&mutex->queue);
}

static void check_owner(const struct mutex *mutex, const struct thread *me)
{
	if (mutex_owner(mutex) != me)
		panic("mutex '%s' unlocked by thread %u (%s), which does not "
		      "hold it",
		      mutex->queue.name, me->number, me->name);
}

static __attribute__((noinline)) void unlock_waited(struct mutex *mutex,
						    const struct thread *me)
{
	check_owner(mutex, me);
	SCHED_HOLD();
	pass_on(mutex);
}

/* ---- Locking ------------------------------------------------------------- */

void mutex_lock(struct mutex *mutex)
{
	struct thread *me = sched_this();
	uint64_t free = 0;

	locks_take_mutex(me, mutex->queue.name, LOCKS_CALLER);
	if (!atomic_compare_exchange_strong(&mutex->owner, &free, (uint64_t)me))
		wait_for(mutex, me);
	locks_taken_mutex(me);
}

void mutex_unlock(struct mutex *mutex)
{
	struct thread *me = sched_this();
	uint64_t mine = (uint64_t)me;

	locks_release_mutex(me, mutex->queue.name);
	if (!atomic_compare_exchange_strong(&mutex->owner, &mine, 0))
		unlock_waited(mutex, me);
}

/* ---- Conditions ---------------------------------------------------------- */

void condition_wait(struct condition *condition, struct mutex *mutex)
{
	struct thread *me = sched_this();

	check_owner(mutex, me);
	locks_may_wait(condition->queue.name, LOCKS_CALLER);
	locks_release_mutex(me, mutex->queue.name);
	{
		SCHED_HOLD();
		pass_on(mutex);
		wait_in(&condition->queue);
	}
	mutex_lock(mutex);
}

void condition_signal(struct condition *condition)
{
	SCHED_HOLD();

	wait_wake_one(&condition->queue);
}

void condition_broadcast(struct condition *condition)
{
	SCHED_HOLD();

	wait_wake_all(&condition->queue);
}
