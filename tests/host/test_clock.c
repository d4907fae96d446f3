/*
 * test_clock.c - kernel/time/clock.c on a host that is busy, and with a TSC
 * that stops, jumps or runs back (HW-48).
 *
 * The reference counts a tick at each read. The TSC of each window runs as fast
 * as the test says.
 */
#include <string.h>

#include "cmocka_test.h"
#include "fake_time.h"
#include "kernel/irq/local_apic.h"
#include "kernel/panic/tell.h"
#include "kernel/time/clock.h"

#define REFERENCE_HZ 1000000
#define LOCAL_TIMER_PART 16 /* of the TSC */
#define ENOUGH 100000

/* A window begins and ends with a sample: the best of four, with a look at the
 * TSC before and after each. */
#define LOOKS_OF_A_WINDOW (2 * 4 * 2)

static const uint64_t
	*mhz; /* of each window, 0 ends them: then the TSC stops */
static unsigned int reads, looks;
static uint64_t tsc;
static bool is_there, says_hz;
static uint32_t mask;

static uint64_t mhz_now(void)
{
	unsigned int window = looks / LOOKS_OF_A_WINDOW;

	for (unsigned int i = 0; i < window; i++)
		if (!mhz[i])
			return 0;
	return mhz[window];
}

static uint32_t read_reference(void)
{
	tsc += mhz_now() * (1000000 / REFERENCE_HZ);
	return reads++ & mask;
}

uint64_t tsc_read(void)
{
	looks++;
	return tsc;
}

struct cpuid cpuid_read(uint32_t leaf)
{
	if (leaf == 0)
		return (struct cpuid){ .eax = says_hz ? 0x15 : 0xD };
	assert_int_equal(leaf, 0x15);
	return (struct cpuid){ .eax = 2, .ebx = 180, .ecx = 24000000 };
}

void cpu_pause(void)
{
}

void local_apic_timer(unsigned int vector, uint32_t count)
{
	assert_int_equal(vector, 0);
	assert_true(count == UINT32_MAX);
}

uint32_t local_apic_timer_count(void)
{
	return 0 - (uint32_t)(tsc / LOCAL_TIMER_PART);
}

bool reference_find(const struct acpi_timers *acpi, struct reference *found)
{
	(void)acpi;
	*found = (struct reference){ "fake", REFERENCE_HZ, mask, read_reference,
				     NULL };
	return is_there;
}

void panic_tell_clock(uint64_t zero, uint64_t ns_per_tick)
{
	(void)zero;
	(void)ns_per_tick;
}

static const struct clock_rates *start(const uint64_t *windows)
{
	mhz = windows;
	reads = looks = 0;
	tsc = 1000;
	clock_start(NULL, 0, true);
	return clock_rates();
}

static int setup(void **state)
{
	(void)state;
	is_there = true;
	says_hz = false;
	mask = UINT32_MAX;
	return 0;
}

/* The rate that counts, in MHz; each window's is exact within a thousandth. */
static void expect(uint64_t wanted, bool steady, const uint64_t *windows)
{
	const struct clock_rates *rates = start(windows);
	uint64_t got = (rates->tsc_hz + 500000) / 1000000;

	assert_int_equal(got, wanted);
	assert_int_equal((rates->local_timer_hz * LOCAL_TIMER_PART + 500000) /
				 1000000,
			 wanted);
	assert_int_equal(rates->steady, steady);
	assert_string_equal(rates->measured_by, "fake");
}

static void test_two_agree(void **state)
{
	(void)state;
	expect(2000, true, (uint64_t[]){ 2000, 2000, 0 });
	assert_int_equal(looks, 2 * LOOKS_OF_A_WINDOW);
	expect(2000, true, (uint64_t[]){ 900, 2000, 2000, 0 });
	/* Not only neighbours. The later one counts. */
	expect(2001, true, (uint64_t[]){ 2000, 700, 5000, 2001, 0 });
}

static void test_best_of_a_busy_host(void **state)
{
	(void)state;
	expect(2050, false,
	       (uint64_t[]){ 2000, 900, 5000, 2050, 700, 3000, 400, 9000 });
	expect(2000, false,
	       (uint64_t[]){ 9000, 400, 3000, 700, 2050, 5000, 900, 2000 });
	/* The nearest two are not the slowest two. */
	expect(5100, false,
	       (uint64_t[]){ 10, 20, 40, 80, 5000, 160, 320, 5100 });
}

/* It stopped after a window, or was never there. */
static void test_tsc_stops(void **state)
{
	(void)state;
	expect(2000, false, (uint64_t[]){ 2000, 0 });
	assert_true(clock_ns_at(2000000000) > 900000000);

	assert_null(start((uint64_t[]){ 0 })->measured_by);
	assert_int_equal(clock_rates()->tsc_hz, TSC_HZ_GUESS);
	assert_int_equal(clock_rates()->local_timer_hz, 0);
	assert_int_equal(clock_ns_at(1000000000), 1000000000);
}

static void test_tsc_stops_but_cpuid_knows(void **state)
{
	(void)state;
	says_hz = true;
	assert_string_equal(start((uint64_t[]){ 0 })->measured_by, "CPUID");
	assert_int_equal(clock_rates()->tsc_hz, 2160000000);
}

static void test_tsc_jumps(void **state)
{
	(void)state;
	expect(2000, true,
	       (uint64_t[]){ 2000, (uint64_t)-7, 1ull << 40, 2000, 0 });
}

/* Where it stood still while the host was elsewhere, or is not there at all. */
static void test_reference_stops(void **state)
{
	(void)state;
	mask = 0xFFF; /* less than a window */
	assert_null(start((uint64_t[]){ 2000, 2000, 0 })->measured_by);
	is_there = false;
	assert_null(start((uint64_t[]){ 2000, 2000, 0 })->measured_by);
}

/* ---- Waiting ------------------------------------------------------------- */

static void test_deadline(void **state)
{
	struct deadline deadline;

	(void)state;
	start((uint64_t[]){ 2000, 2000, 0 });
	deadline = deadline_after_us(1);
	tsc += 1990;
	assert_false(deadline_has_come(&deadline));
	tsc += 20;
	assert_true(deadline_has_come(&deadline));
}

static void test_deadline_with_a_tsc_that_stands_still(void **state)
{
	struct deadline deadline;
	unsigned int more = 0;

	(void)state;
	start((uint64_t[]){ 2000, 2000, 0 });
	deadline = deadline_after_us(1000000);
	for (int i = 0; i < 10; i++)
		assert_false(deadline_has_come(&deadline));
	tsc++;
	while (!deadline_has_come(&deadline) && more < ENOUGH)
		more++;
	assert_true(more > 100 && more < ENOUGH);
	clock_wait_us(1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_two_agree, setup),
		cmocka_unit_test_setup(test_best_of_a_busy_host, setup),
		cmocka_unit_test_setup(test_tsc_stops, setup),
		cmocka_unit_test_setup(test_tsc_stops_but_cpuid_knows, setup),
		cmocka_unit_test_setup(test_tsc_jumps, setup),
		cmocka_unit_test_setup(test_reference_stops, setup),
		cmocka_unit_test_setup(test_deadline, setup),
		cmocka_unit_test_setup(
			test_deadline_with_a_tsc_that_stands_still, setup),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
