void semaphore_up(struct semaphore *semaphore)
{
	SCHED_HOLD();

	wait_wake_all(&semaphore->queue);
	semaphore->count += 1;
}

void semaphore_down(struct semaphore *semaphore)
{
	SCHED_HOLD();

	for (; semaphore->count == 0; wait_in(&semaphore->queue))
		;
	semaphore->count -= 1;
}

bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns)
{
	const uint64_t end = clock_ns() + ns;
	SCHED_HOLD();

	while (semaphore->count == 0 && clock_ns() < end)
		wait_in_until(&semaphore->queue, end);
	if (semaphore->count == 0)
		return false;
	semaphore->count -= 1;
	return true;
}
