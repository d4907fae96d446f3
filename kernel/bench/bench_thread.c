/*
 * bench_thread.c - what threads cost. Interrupts are off: nobody else runs.
 */
#include "kernel/bench/bench.h"
#include "kernel/console/kprintf.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/semaphore.h"
#include "kernel/thread/thread.h"
#include "x86/tsc.h"

#define CALLS 1000

static int64_t do_nothing(void *argument)
{
	(void)argument;
	return 0;
}

static int64_t yield(void *argument)
{
	for (int i = 0; i < CALLS; i++)
		thread_yield();
	return *(int *)argument;
}

/* Each yield of ours is answered by one of the other. */
static uint64_t time_yields(void)
{
	int zero = 0;
	struct thread *other = thread_create("yield", yield, &zero);
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++)
		thread_yield();
	start = tsc_read() - start;
	thread_join(other);
	return start / (2ULL * CALLS);
}

static uint64_t time_creates(void)
{
	uint64_t start;

	thread_join(thread_create("first", do_nothing, NULL));
	start = tsc_read();
	for (int i = 0; i < CALLS; i++)
		thread_join(thread_create("nothing", do_nothing, NULL));
	return (tsc_read() - start) / CALLS;
}

static struct semaphore ping = SEMAPHORE("ping", 0);
static struct semaphore pong = SEMAPHORE("pong", 0);

static int64_t answer(void *argument)
{
	(void)argument;
	for (int i = 0; i < CALLS; i++) {
		semaphore_down(&ping);
		semaphore_up(&pong);
	}
	return 0;
}

static uint64_t time_ping_pong(void)
{
	struct thread *other = thread_create("answer", answer, NULL);
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++) {
		semaphore_up(&ping);
		semaphore_down(&pong);
	}
	start = tsc_read() - start;
	thread_join(other);
	return start / CALLS;
}

static uint64_t time_mutexes(void)
{
	static struct mutex mutex = MUTEX("bench");
	uint64_t start = tsc_read();

	for (int i = 0; i < CALLS; i++) {
		mutex_lock(&mutex);
		mutex_unlock(&mutex);
	}
	return (tsc_read() - start) / CALLS;
}

void bench_thread(void)
{
	kprintf("bench: yield %lu\n", time_yields());
	kprintf("bench: create %lu\n", time_creates());
	kprintf("bench: ping-pong %lu\n", time_ping_pong());
	kprintf("bench: mutex %lu\n", time_mutexes());
}
