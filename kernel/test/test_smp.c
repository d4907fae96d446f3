/*
 * test_smp.c - what several processors do to each other. Where there is one
 * only, it passes.
 */
#include <stdint.h>

#include "boot/layout.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpus.h"
#include "kernel/test/test.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "kernel/thread/wait.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"

#define ROUNDS 5
#define HANG_NS (4ull * NS_PER_S)
#define TICKS 4 /* fewer than thread.c skips */

/* Another one with a timer of its own; NULL: there is none. */
static const struct cpu *another_cpu(void)
{
	for (uint32_t i = 0; i < CPUS_MAX; i++)
		if (i != cpu_here()->number && cpus[i].serves &&
		    (cpus[i].timer_hz || cpus[i].timer_paused))
			return &cpus[i];
	return NULL;
}

/* ---- Ticks --------------------------------------------------------------- */

static _Atomic bool busy, may_rest;

static int64_t keep_busy(void *argument)
{
	(void)argument;
	busy = true;
	while (!may_rest)
		cpu_pause();
	return 0;
}

static uint32_t runs_on(const struct thread *thread)
{
	uint32_t i = 0;

	while (i < CPUS_MAX && cpus[i].thread != thread)
		i++;
	return i;
}

/* Held until the processor of that thread has seen so many ticks: if the first
 * one waited for the lock, there would be no second one. */
static bool ticks_meanwhile(const struct thread *thread)
{
	uint64_t first, end = clock_ns() + HANG_NS;
	uint32_t cpu;
	SCHED_HOLD();

	cpu = runs_on(thread);
	if (cpu == CPUS_MAX)
		return false;
	first = timer_ticks_of(&cpus[cpu]);
	while (timer_ticks_of(&cpus[cpu]) - first < TICKS && clock_ns() < end)
		cpu_pause();
	return timer_ticks_of(&cpus[cpu]) - first >= TICKS;
}

/* Who has just seen that the lock is free does wait for it: again then. */
TEST(smp_ticks_do_not_wait_for_the_scheduler)
{
	const uint64_t end = clock_ns() + HANG_NS;
	bool ticks = !another_cpu();
	struct thread *thread;

	if (ticks)
		return;
	busy = may_rest = false;
	thread = thread_create("busy", keep_busy, NULL);
	EXPECT(thread);
	while (!busy && clock_ns() < end)
		cpu_pause();
	for (int i = 0; i < ROUNDS && !ticks; i++)
		ticks = ticks_meanwhile(thread);
	may_rest = true;
	thread_join(thread);
	EXPECT(ticks);
}

/* ---- Idle processors ----------------------------------------------------- */

#define IDLE_NS (300 * NS_PER_MS)
#define IDLE_TICKS (IDLE_NS / (NS_PER_S / TIMER_HZ))

static uint64_t others_ticks(void)
{
	uint64_t sum = 0;

	for (uint32_t i = 1; i < CPUS_MAX; i++)
		sum += timer_ticks_of(&cpus[i]);
	return sum;
}

/* The tick that finds a processor idle is its last. */
TEST(smp_idle_processors_do_not_tick)
{
	uint64_t first, ticks;

	if (!another_cpu())
		return;
	thread_sleep_ns(IDLE_NS / 4);
	first = timer_ticks();
	ticks = others_ticks();
	thread_sleep_ns(IDLE_NS);
	ticks = others_ticks() - ticks;
	first = timer_ticks() - first;
	kprintf("# %lu ticks of CPU 0, %lu of idle ones\n", first, ticks);
	EXPECT(first >= IDLE_TICKS / 4);
	EXPECT(ticks <= IDLE_TICKS / 4);
}

#define BURST 8

static struct wait_queue burst_queue = WAIT_QUEUE("the burst");
static _Atomic uint64_t burst_cpus; /* a bit for each that runs one */
static uint64_t burst_wanted, burst_end;

static int64_t wait_for_burst(void *argument)
{
	(void)argument;
	{
		SCHED_HOLD();

		wait_in(&burst_queue);
	}
	while (burst_cpus != burst_wanted && clock_ns() < burst_end)
		burst_cpus |= 1ull << cpu_number();
	return 0;
}

/* All others are idle, and all wait but the one that asks. */
static bool burst_is_ready(const struct thread *last)
{
	SCHED_HOLD();

	for (uint32_t i = 0; i < CPUS_MAX; i++)
		if (cpus[i].serves && i != cpu_here()->number &&
		    cpus[i].thread != cpus[i].idle)
			return false;
	return last->waits_in == &burst_queue;
}

static uint64_t serving_cpus(void)
{
	uint64_t set = 1;

	for (uint32_t i = 1; i < CPUS_MAX && i < BURST; i++)
		if (cpus[i].serves && cpus[i].started == CPU_STARTED)
			set |= 1ull << i;
	return set;
}

/* Many become ready at once, with the lock held: no processor that is told can
 * look in between, and each is told nevertheless. */
TEST(smp_a_burst_wakes_all)
{
	struct thread *threads[BURST];

	burst_cpus = 0;
	burst_wanted = serving_cpus();
	burst_end = clock_ns() + HANG_NS;
	for (int i = 0; i < BURST; i++) {
		threads[i] = thread_create("burst", wait_for_burst, NULL);
		EXPECT(threads[i]);
	}
	while (!burst_is_ready(threads[BURST - 1]) && clock_ns() < burst_end)
		thread_yield();
	{
		SCHED_HOLD();

		wait_wake_all(&burst_queue);
	}
	for (int i = 0; i < BURST; i++)
		thread_join(threads[i]);
	EXPECT(burst_cpus == burst_wanted);
}

/* ---- Threads that go on elsewhere ---------------------------------------- */

#define THREADS 12
#define EACH_NS (10 * NS_PER_MS)

static _Atomic uint32_t moves;

/* Returns how often it was in a handler, as its processor believed. */
static int64_t watch_nesting(void *argument)
{
	uint64_t end = *(const uint64_t *)argument;
	uint32_t last = cpu_number();
	int64_t wrong = 0;

	while (clock_ns() < end) {
		CPU_HOLD(cpu);
		wrong += cpu->nesting != 0;
		moves += cpu->number != last;
		last = cpu->number;
	}
	return wrong;
}

/* They never wait: one that goes on on another processor was stopped by a
 * tick, and taken from a queue when others had ended. */
static int64_t watch_many(void)
{
	static uint64_t ends[THREADS];
	struct thread *threads[THREADS];
	int64_t wrong = 0;

	for (uint64_t i = 0; i < THREADS; i++) {
		ends[i] = clock_ns() + (i + 1) * EACH_NS;
		threads[i] = thread_create("watch", watch_nesting, &ends[i]);
	}
	for (int i = 0; i < THREADS; i++)
		wrong += threads[i] ? thread_join(threads[i]) : 1;
	return wrong;
}

TEST(smp_threads_leave_their_handler)
{
	int64_t wrong = 0;

	moves = 0;
	/* Until one has gone on elsewhere. */
	for (int i = 0; i < ROUNDS && !moves && another_cpu(); i++)
		wrong += watch_many();
	kprintf("# %u times on another processor\n", moves);
	EXPECT(wrong == 0);
}
