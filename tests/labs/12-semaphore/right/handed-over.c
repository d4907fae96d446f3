/* It is handed to the one that waits: the number never was different. */
void semaphore_up(struct semaphore *semaphore)
{
	SCHED_HOLD();

	if (!wait_wake_one(&semaphore->queue))
		semaphore->count++;
}

void semaphore_down(struct semaphore *semaphore)
{
	SCHED_HOLD();

	if (semaphore->count)
		semaphore->count--;
	else
		wait_in(&semaphore->queue);
}

bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns)
{
	SCHED_HOLD();

	if (semaphore->count) {
		semaphore->count--;
		return true;
	}
	return wait_in_until(&semaphore->queue, clock_ns() + ns);
}
