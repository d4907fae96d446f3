/*
 * test_time.c - the clock, the timer, and sleeping.
 */
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/test/test.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"

TEST(time_clock_never_runs_back)
{
	uint64_t before = clock_ns();

	for (int i = 0; i < 100000; i++) {
		uint64_t now = clock_ns();

		EXPECT(now >= before);
		before = now;
	}
}

TEST(time_clock_starts_at_boot)
{
	EXPECT(clock_ns_at(test_boot_info->time_stamps[TIME_STAGE2]) == 0);
	EXPECT(clock_ns_at(0) == 0);
	EXPECT(clock_ns_at(test_boot_info->time_stamps[TIME_KERNEL]) > 0);
	EXPECT(clock_ns() < 3600ull * NS_PER_S);
}

/* Far from now too: no product overflows within a hundred years. */
TEST(time_clock_goes_far)
{
	uint64_t seconds = 100ull * 365 * 24 * 3600;
	uint64_t hz = clock_rates()->tsc_hz;
	uint64_t zero = test_boot_info->time_stamps[TIME_STAGE2];
	uint64_t ns = clock_ns_at(zero + seconds * hz);

	EXPECT(ns / NS_PER_S >= seconds - seconds / 1000000);
	EXPECT(ns / NS_PER_S <= seconds);
}

TEST(time_tsc_was_measured)
{
	const struct clock_rates *rates = clock_rates();

	EXPECT(rates->measured_by);
	EXPECT(rates->tsc_hz >= 1000000);
	EXPECT(rates->tsc_hz <= 20000000000);
}

TEST(time_sleep_is_long_enough)
{
	static const uint64_t lengths[] = { 0, 1, 7, 10, 11, 50 };

	for (unsigned int i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		uint64_t before = clock_ns();

		sleep_ms(lengths[i]);
		EXPECT(clock_ns() - before >= lengths[i] * NS_PER_MS);
	}
}

/* With interrupts off, and they stay off. */
TEST(time_sleep_without_interrupts)
{
	uint64_t before, after;
	bool off;

	cpu_interrupts_off();
	before = clock_ns();
	sleep_ms(15);
	after = clock_ns();
	off = !(cpu_flags() & EFLAGS_IF);
	cpu_interrupts_on();
	EXPECT(after - before >= 15 * NS_PER_MS);
	EXPECT(off);
}

static volatile uint64_t called;

static void count_call(void)
{
	called++;
}

/* At another rate, to see that it is the one that was asked for. A busy host
 * may lose ticks, but it cannot invent any. */
TEST(time_timer_ticks)
{
	uint64_t before = clock_ns(), first = timer_ticks(), ticks, ns;

	called = 0;
	timer_on_tick(count_call);
	timer_set_rate(1000);
	do {
		sleep_ms(1);
		ticks = timer_ticks() - first;
		ns = clock_ns() - before;
	} while (ticks < 50 && ns < 5ull * NS_PER_S);
	timer_on_tick(NULL);
	timer_set_rate(TIMER_HZ);
	EXPECT(ticks >= 50);
	EXPECT(ticks <= ns / NS_PER_MS * 11 / 10 + 2);
	EXPECT(called >= ticks - 1);
}
