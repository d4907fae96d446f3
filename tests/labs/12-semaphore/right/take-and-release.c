#define FOR_EVER UINT64_MAX

static bool down_until(struct semaphore *semaphore, uint64_t end)
{
	struct spinlock_held held = spinlock_take(&sched_lock, HERE);
	bool got;

	for (;;) {
		got = semaphore->count > 0;
		if (got || (end != FOR_EVER && clock_ns() >= end))
			break;
		if (end == FOR_EVER)
			wait_in(&semaphore->queue);
		else
			wait_in_until(&semaphore->queue, end);
	}
	semaphore->count -= got;
	spinlock_release(&held);
	return got;
}

void semaphore_up(struct semaphore *semaphore)
{
	struct spinlock_held held = spinlock_take(&sched_lock, HERE);

	++semaphore->count;
	wait_wake_one(&semaphore->queue);
	spinlock_release(&held);
}

void semaphore_down(struct semaphore *semaphore)
{
	down_until(semaphore, FOR_EVER);
}

bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns)
{
	return down_until(semaphore, clock_ns() + ns);
}
