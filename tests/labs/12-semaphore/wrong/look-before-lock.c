/* says: a thread waits, and nobody will wake it */
void semaphore_up(struct semaphore *semaphore)
{
	SCHED_HOLD();

	semaphore->count++;
	wait_wake_one(&semaphore->queue);
}

void semaphore_down(struct semaphore *semaphore)
{
	if (!semaphore->count) {
		SCHED_HOLD();
		wait_in(&semaphore->queue);
	}
	semaphore->count--;
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
