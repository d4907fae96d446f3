#include "kernel/sync/semaphore.h"

#include "kernel/sanitize/locks.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "kernel/thread/wait.h"
#include "kernel/time/clock.h"

void semaphore_up(struct semaphore *semaphore)
{
	SCHED_HOLD();

	semaphore->count++;
	wait_wake_one(&semaphore->queue);
}

void semaphore_down(struct semaphore *semaphore)
{
	locks_may_wait(semaphore->queue.name, LOCKS_CALLER);
	SCHED_HOLD();

	while (!semaphore->count)
		wait_in(&semaphore->queue);
	semaphore->count--;
}

bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns)
{
	uint64_t end = clock_ns() + ns;

	locks_may_wait(semaphore->queue.name, LOCKS_CALLER);
	SCHED_HOLD();

	while (!semaphore->count)
		if (!wait_in_until(&semaphore->queue, end) && !semaphore->count)
			return false;
	semaphore->count--;
	return true;
}
