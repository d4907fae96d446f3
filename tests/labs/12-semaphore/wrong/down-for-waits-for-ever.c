/* says: The same for at most so long */
void semaphore_up(struct semaphore *semaphore)
{
	SCHED_HOLD();

	semaphore->count++;
	wait_wake_one(&semaphore->queue);
}

void semaphore_down(struct semaphore *semaphore)
{
	SCHED_HOLD();

	while (!semaphore->count)
		wait_in(&semaphore->queue);
	semaphore->count--;
}

bool semaphore_down_for(struct semaphore *semaphore, uint64_t ns)
{
	(void)ns;
	semaphore_down(semaphore);
	return true;
}
