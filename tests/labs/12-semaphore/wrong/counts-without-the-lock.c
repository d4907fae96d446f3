/* says: one up and one down do not leave the semaphore at 1 */
void semaphore_up(struct semaphore *semaphore)
{
	uint64_t before = *(volatile uint64_t *)&semaphore->count;

	*(volatile uint64_t *)&semaphore->count = before + 1;
	SCHED_HOLD();
	wait_wake_one(&semaphore->queue);
}

void semaphore_down(struct semaphore *semaphore)
{
	{
		SCHED_HOLD();

		while (!semaphore->count)
			wait_in(&semaphore->queue);
	}
	*(volatile uint64_t *)&semaphore->count =
		*(volatile uint64_t *)&semaphore->count - 1;
}

bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns)
{
	uint64_t end = clock_ns() + ns;
	SCHED_HOLD();

	while (!semaphore->count)
		if (!wait_in_until(&semaphore->queue, end) && !semaphore->count)
			return false;
	semaphore->count--;
	return true;
}
