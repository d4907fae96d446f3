/*
 * test_threads.c - threads, and what they wait with.
 */
#include <stdatomic.h>
#include <stdint.h>

#include "boot/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/sync/mutex.h"
#include "kernel/sync/semaphore.h"
#include "kernel/test/test.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "string.h"

#define THREADS 8
#define ROUNDS 200
#define MANY_FRAMES 0x20000 /* 512 MiB: to take more lasts too long */

static int64_t add_one(void *argument)
{
	return *(int64_t *)argument + 1;
}

TEST(threads_return_results)
{
	int64_t numbers[THREADS];
	struct thread *threads[THREADS];

	for (int i = 0; i < THREADS; i++) {
		numbers[i] = i * 1000;
		threads[i] = thread_create("add", add_one, &numbers[i]);
		EXPECT(threads[i]);
	}
	for (int i = 0; i < THREADS; i++)
		EXPECT(thread_join(threads[i]) == i * 1000 + 1);
}

static int64_t off_16(void *argument)
{
	(void)argument;
	return (int64_t)((uint64_t)__builtin_frame_address(0) % 16);
}

/* System V AMD64, "The Stack Frame": RBP is saved at a multiple of 16. */
TEST(threads_have_aligned_stacks)
{
	EXPECT(thread_join(thread_create("aligned", off_16, NULL)) == 0);
}

/* ---- Turns --------------------------------------------------------------- */

static char turns[64];
static _Atomic uint32_t turn;

static int64_t write_letter(void *argument)
{
	for (int i = 0; i < 3; i++) {
		turns[turn++] = *(const char *)argument;
		thread_yield();
	}
	return 0;
}

/* With interrupts off nobody takes the processor away. */
TEST(threads_take_turns)
{
	struct thread *a, *b;

	turn = 0;
	memset(turns, 0, sizeof(turns));
	cpu_interrupts_off();
	a = thread_create("a", write_letter, "a");
	b = thread_create("b", write_letter, "b");
	cpu_interrupts_on();
	thread_join(a);
	thread_join(b);
	EXPECT(turn == 6);
	for (int i = 0; i < 6; i++)
		EXPECT(turns[i] == 'a' || turns[i] == 'b');
}

static int64_t count_for_ever(void *argument)
{
	_Atomic bool *stop = argument;
	int64_t count = 0;

	while (!*stop)
		count++;
	return count;
}

/* Two that never wait, and this one, which must get the processor back. */
TEST(threads_are_preempted)
{
	_Atomic bool stop = false;
	struct thread *a = thread_create("a", count_for_ever, (void *)&stop);
	struct thread *b = thread_create("b", count_for_ever, (void *)&stop);

	if (timer_name())
		thread_sleep_ns(100 * NS_PER_MS);
	stop = true;
	if (timer_name()) {
		EXPECT(thread_join(a) > 0 && thread_join(b) > 0);
	} else {
		thread_join(a);
		thread_join(b);
	}
}

/* ---- Waiting ------------------------------------------------------------- */

TEST(threads_sleep)
{
	uint64_t start = clock_ns();

	thread_sleep_ns(30 * NS_PER_MS);
	EXPECT(clock_ns() - start >= 30 * NS_PER_MS);
}

static struct semaphore ping = SEMAPHORE("ping", 0);
static struct semaphore pong = SEMAPHORE("pong", 0);

static int64_t answer(void *argument)
{
	(void)argument;
	for (int i = 0; i < ROUNDS; i++) {
		semaphore_down(&ping);
		semaphore_up(&pong);
	}
	return 0;
}

TEST(semaphores_ping_pong)
{
	struct thread *other = thread_create("answer", answer, NULL);

	for (int i = 0; i < ROUNDS; i++) {
		semaphore_up(&ping);
		semaphore_down(&pong);
	}
	EXPECT(thread_join(other) == 0);
	EXPECT(ping.count == 0 && pong.count == 0);
}

static int64_t up_late(void *semaphore)
{
	thread_sleep_ns(300 * NS_PER_MS);
	semaphore_up(semaphore);
	return 0;
}

/* Who waits for ever is woken, late, and fails. */
TEST(semaphores_time_out)
{
	struct semaphore never = SEMAPHORE("never", 0);
	struct thread *late = thread_create("late", up_late, &never);
	uint64_t start = clock_ns(), end;
	bool was_up, nobody_waits;

	EXPECT(late);
	was_up = semaphore_down_for(&never, 20 * NS_PER_MS);
	end = clock_ns();
	nobody_waits = !never.queue.first && !never.queue.last;
	thread_join(late);
	EXPECT(!was_up);
	EXPECT(end - start >= 20 * NS_PER_MS);
	EXPECT(nobody_waits);
	EXPECT(semaphore_down_for(&never, 20 * NS_PER_MS));
}

static struct mutex mutex = MUTEX("test");
static volatile int64_t shared;

static int64_t add_slowly(void *argument)
{
	(void)argument;
	for (int i = 0; i < ROUNDS; i++) {
		int64_t value;

		mutex_lock(&mutex);
		value = shared;
		thread_yield();
		shared = value + 1;
		mutex_unlock(&mutex);
	}
	return 0;
}

TEST(mutexes_exclude)
{
	struct thread *threads[THREADS];

	shared = 0;
	for (int i = 0; i < THREADS; i++)
		threads[i] = thread_create("add", add_slowly, NULL);
	for (int i = 0; i < THREADS; i++)
		thread_join(threads[i]);
	EXPECT(shared == THREADS * ROUNDS);
	EXPECT(!mutex.owner && !mutex.queue.first);
}

static struct condition changed = CONDITION("a change");
static int in_buffer, sum;

static int64_t consume(void *argument)
{
	(void)argument;
	for (int i = 0; i < ROUNDS; i++) {
		mutex_lock(&mutex);
		while (!in_buffer)
			condition_wait(&changed, &mutex);
		sum += in_buffer;
		in_buffer = 0;
		condition_broadcast(&changed);
		mutex_unlock(&mutex);
	}
	return 0;
}

TEST(conditions_pass_a_buffer)
{
	struct thread *consumer = thread_create("consume", consume, NULL);

	in_buffer = sum = 0;
	for (int i = 1; i <= ROUNDS; i++) {
		mutex_lock(&mutex);
		while (in_buffer)
			condition_wait(&changed, &mutex);
		in_buffer = i;
		condition_broadcast(&changed);
		mutex_unlock(&mutex);
	}
	thread_join(consumer);
	EXPECT(sum == ROUNDS * (ROUNDS + 1) / 2);
}

/* ---- Everything at once -------------------------------------------------- */

#define STORM_ROUNDS 100

/* As many processors as there are take part. */
static int64_t storm(void *argument)
{
	uint64_t seed = (uint64_t)argument, wrong = 0;

	for (int i = 0; i < STORM_ROUNDS; i++) {
		size_t bytes;
		uint8_t *block;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		bytes = (seed >> 33) % (i % 8 ? 1000 : 9000) + 1;
		block = kmalloc(bytes);
		if (!block)
			continue;
		memset(block, (int)i, bytes);
		if (seed >> 62 == 0)
			thread_yield();
		if (seed >> 62 == 1) {
			mutex_lock(&mutex);
			shared++;
			mutex_unlock(&mutex);
		}
		wrong += block[0] != (uint8_t)i ||
			 block[bytes - 1] != (uint8_t)i;
		kfree(block);
	}
	return (int64_t)wrong;
}

TEST(threads_storm)
{
	struct thread *threads[THREADS];
	int64_t wrong = 0;

	for (int i = 0; i < THREADS; i++)
		threads[i] = thread_create("storm", storm,
					   (void *)(uint64_t)(i + 1));
	for (int i = 0; i < THREADS; i++)
		wrong += thread_join(threads[i]);
	EXPECT(wrong == 0);
	EXPECT(!mutex.owner && !mutex.queue.first);
}

/* ---- Memory -------------------------------------------------------------- */

static int64_t do_nothing(void *argument)
{
	(void)argument;
	return 0;
}

/* As many as there is memory for; then none is a NULL, and all goes on. */
TEST(threads_until_memory_ends)
{
	static struct thread *threads[64];
	uint64_t last = 0, frame;
	int count = 0;

	if (frames_available() > MANY_FRAMES)
		return;
	while (frames_available() > 100 && (frame = frame_take(FRAME_TEST))) {
		*(uint64_t *)frame = last;
		last = frame;
	}
	while (count < 64 &&
	       (threads[count] = thread_create("many", do_nothing, NULL)))
		count++;
	EXPECT(count > 4 && count < 64);
	while (count)
		thread_join(threads[--count]);
	for (; last; last = frame) {
		frame = *(uint64_t *)last;
		frame_give(FRAME_TEST, last);
	}
}
