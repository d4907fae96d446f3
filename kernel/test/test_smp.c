/*
 * test_smp.c - what several processors do to each other. Where there is one
 * only, it passes.
 */
#include <stdint.h>

#include "boot/layout.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpus.h"
#include "kernel/irq/irq.h"
#include "kernel/test/test.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"

#define ROUNDS 5
#define HANG_NS (4ull * NS_PER_S)
#define TICKS 4 /* fewer than thread.c skips */

/* Another one with ticks; NULL: there is none. */
static const struct cpu *another_cpu(void)
{
	for (uint32_t i = 0; i < CPUS_MAX; i++)
		if (i != cpu_here()->number && cpus[i].serves &&
		    cpus[i].timer_hz)
			return &cpus[i];
	return NULL;
}

/* Held until another processor has seen so many ticks: if the first one waited
 * for the lock, there would be no second one. */
static bool others_tick_meanwhile(void)
{
	const unsigned int vector = irq_vector(IRQ_LOCAL_TIMER);
	const volatile uint64_t *count;
	const struct cpu *other;
	uint64_t first, end = clock_ns() + HANG_NS;
	SCHED_HOLD();

	other = another_cpu();
	if (!other)
		return true;
	count = &other->interrupts[vector];
	first = *count;
	while (*count - first < TICKS && clock_ns() < end)
		cpu_pause();
	return *count - first >= TICKS;
}

/* Who has just seen that the lock is free does wait for it: again then. */
TEST(smp_ticks_do_not_wait_for_the_scheduler)
{
	bool ticks = false;

	for (int i = 0; i < ROUNDS && !ticks; i++)
		ticks = others_tick_meanwhile();
	EXPECT(ticks);
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
