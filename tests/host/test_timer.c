/*
 * test_timer.c - kernel/time/timer.c and its two sources, which count and tick
 * or not, as the test says (HW-47).
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "fake_time.h"
/* With their variables, so that each test is a boot. */
#include "kernel/time/clock.c"
#include "kernel/time/timer.c"

#define TSC_HZ 1000000000u /* a tick is a nanosecond */
#define LOCAL_TIMER_HZ 100000000u
#define LOOK 1000 /* ns that a look at the TSC takes */

enum { LOCAL, CHANNEL_0, DEVICES };

static struct device {
	bool is_there; /* some controller has its input */
	bool ticks;
	uint64_t period; /* ns, 0: off */
	uint64_t due;
	bool enabled;
	void (*handler)(void);
} devices[DEVICES];

static struct cpu cpu; /* that runs this */
static uint64_t now;
static bool tsc_stops, interrupts;
static unsigned int owed; /* ticks that come at once */

/* ---- The machine --------------------------------------------------------- */

static void pass(uint64_t ns)
{
	now += ns;
	for (int i = 0; i < DEVICES; i++) {
		struct device *device = &devices[i];

		if (!device->period || now < device->due)
			continue;
		device->due = now + device->period;
		if (device->ticks && device->enabled && device->handler)
			device->handler();
	}
}

static void set_period(struct device *device, uint64_t period)
{
	device->period = period;
	device->due = now + period;
}

void local_apic_timer(unsigned int vector, uint32_t count)
{
	devices[LOCAL].enabled = vector != 0;
	set_period(&devices[LOCAL],
		   (uint64_t)count * NS_PER_S / LOCAL_TIMER_HZ);
}

void pit_tick(uint32_t hz)
{
	set_period(&devices[CHANNEL_0], NS_PER_S / hz);
}

static struct device *device_of(unsigned int irq)
{
	assert_true(irq == IRQ_LOCAL_TIMER || irq == IRQ_PIT);
	return &devices[irq == IRQ_PIT ? CHANNEL_0 : LOCAL];
}

bool irq_handle(unsigned int irq, const char *name, void (*handler)(void))
{
	(void)name;
	device_of(irq)->handler = handler;
	return device_of(irq)->is_there;
}

void irq_enable(unsigned int irq)
{
	device_of(irq)->enabled = true;
}

void irq_disable(unsigned int irq)
{
	device_of(irq)->enabled = false;
}

struct cpu *cpu_this(void)
{
	return &cpu;
}

unsigned int irq_vector(unsigned int irq)
{
	return 0x30 + irq;
}

uint64_t tsc_read(void)
{
	return tsc_stops ? 1000 : now;
}

void cpu_pause(void)
{
	pass(LOOK);
}

/* Until something interrupts. */
void cpu_halt(void)
{
	uint64_t next = UINT64_MAX;

	assert_true(interrupts);
	if (owed) {
		owed--;
		devices[LOCAL].handler();
		return;
	}
	for (int i = 0; i < DEVICES; i++)
		if (devices[i].period && devices[i].enabled &&
		    devices[i].ticks && devices[i].due < next)
			next = devices[i].due;
	assert_true(next != UINT64_MAX);
	pass(next > now ? next - now : 0);
}

void cpu_interrupts_on(void)
{
	interrupts = true;
}

uint64_t cpu_flags(void)
{
	return interrupts ? EFLAGS_IF : 0;
}

/* ---- The rest of the kernel ---------------------------------------------- */

struct cpuid cpuid_read(uint32_t leaf)
{
	(void)leaf;
	return (struct cpuid){ 0 };
}

bool reference_find(const struct acpi_timers *acpi, struct reference *found)
{
	(void)acpi;
	(void)found;
	return false;
}

uint32_t local_apic_timer_count(void)
{
	return 0;
}

struct spinlock_held spinlock_take(struct spinlock *taken)
{
	return (struct spinlock_held){ taken };
}

void spinlock_release(const struct spinlock_held *held)
{
	(void)held;
}

void panic_tell_clock(uint64_t zero, uint64_t ns)
{
	(void)zero;
	(void)ns;
}

_Noreturn void panic_at(const struct place *place, const char *format, ...)
{
	(void)place;
	fail_msg("%s", format);
	abort();
}

/* ---- Tests --------------------------------------------------------------- */

static int setup(void **state)
{
	const struct device good = { .is_there = true, .ticks = true };

	(void)state;
	devices[LOCAL] = devices[CHANNEL_0] = good;
	tsc_stops = false;
	interrupts = false;
	owed = 0;
	now = 0;
	cpu = (struct cpu){ 0 };
	measured_rates =
		(struct clock_rates){ .tsc_hz = TSC_HZ,
				      .local_timer_hz = LOCAL_TIMER_HZ };
	ns_per_tick = 1ull << 32;
	timer_source = NULL;
	memset(timer_silent_names, 0, sizeof(timer_silent_names));
	timer_silent_count = 0;
	timer_tick_count = 0;
	return 0;
}

/* Of all of them, in the order in which they were tried. */
static void expect_silent(size_t count)
{
	static const char *const names[] = { "local APIC timer", "PIT" };

	for (size_t n = 0; n < count; n++)
		assert_string_equal(timer_silent(n), names[n]);
	assert_null(timer_silent(count));
}

/* Whether it is off, with nobody who would serve it. */
static bool is_off(int device)
{
	return !devices[device].handler &&
	       (!devices[device].enabled || !devices[device].period);
}

static void expect_period(int device, uint64_t hz)
{
	assert_true(devices[device].enabled);
	assert_int_equal(devices[device].period, NS_PER_S / hz);
}

static void test_local_timer(void **state)
{
	(void)state;
	assert_true(timer_start());
	assert_string_equal(timer_name(), "local APIC timer");
	expect_silent(0);
	assert_true(interrupts && is_off(CHANNEL_0));
	expect_period(LOCAL, TIMER_HZ);
	timer_set_rate(1000);
	expect_period(LOCAL, 1000);
}

static void expect_pit(void)
{
	assert_true(timer_start());
	assert_string_equal(timer_name(), "PIT");
	assert_true(is_off(LOCAL));
	expect_period(CHANNEL_0, TIMER_HZ);
}

static void test_pit_where_the_other_could_not_be_measured(void **state)
{
	(void)state;
	measured_rates.local_timer_hz = 0;
	expect_pit();
	expect_silent(0);
}

static void test_pit_where_the_other_never_ticks(void **state)
{
	(void)state;
	devices[LOCAL].ticks = false;
	expect_pit();
	expect_silent(1);
	/* Half a second, and the first tick. */
	assert_true(now >= 500 * NS_PER_MS && now < 510 * NS_PER_MS);
}

static void test_no_source_ticks(void **state)
{
	(void)state;
	devices[LOCAL].ticks = devices[CHANNEL_0].ticks = false;
	assert_false(timer_start());
	assert_null(timer_name());
	expect_silent(2);
	assert_true(is_off(LOCAL) && is_off(CHANNEL_0));
	timer_set_rate(1000);
	assert_true(is_off(LOCAL) && is_off(CHANNEL_0));
	sleep_ms(5);
}

static void test_no_source_is_there(void **state)
{
	(void)state;
	devices[LOCAL].is_there = devices[CHANNEL_0].is_there = false;
	assert_false(timer_start());
	assert_null(timer_name());
	expect_silent(0);
}

/* A rate that was set on another processor comes with its next tick; others'
 * ticks are not counted. */
static void test_other_processors(void **state)
{
	uint64_t before;

	(void)state;
	timer_start();
	cpu.timer_hz = TIMER_HZ / 2;
	timer_tick();
	assert_int_equal(cpu.timer_hz, TIMER_HZ);
	expect_period(LOCAL, TIMER_HZ);
	before = timer_ticks();
	cpu.number = 1;
	timer_tick();
	assert_int_equal(timer_ticks(), before);
	cpu.number = 0;
	timer_tick();
	assert_int_equal(timer_ticks(), before + 1);
}

static void test_paused_while_idle(void **state)
{
	(void)state;
	assert_true(timer_start());
	assert_false(timer_pause_cpu()); /* not the first one */
	expect_period(LOCAL, TIMER_HZ);

	cpu.number = 2;
	timer_resume_cpu(); /* it was not paused */
	assert_true(timer_pause_cpu());
	assert_true(!devices[LOCAL].enabled);
	assert_false(timer_pause_cpu());
	timer_resume_cpu();
	expect_period(LOCAL, TIMER_HZ);

	cpu.interrupts[irq_vector(IRQ_LOCAL_TIMER)] = 7;
	assert_int_equal(timer_ticks_of(&cpu), 7);
	timer_pause_cpu();
	devices[LOCAL].handler(); /* one that was on its way */
	timer_pause_cpu();
	assert_true(!devices[LOCAL].enabled);

	setup(state);
	measured_rates.local_timer_hz = 0;
	assert_true(timer_start());
	cpu.number = 2;
	assert_false(timer_pause_cpu()); /* the PIT is everybody's */
	timer_resume_cpu();
	expect_period(CHANNEL_0, TIMER_HZ);
}

/* Too slow for the rate that is asked for: 0 would stop it. */
static void test_slow_local_timer(void **state)
{
	(void)state;
	measured_rates.local_timer_hz = 500;
	assert_true(timer_start());
	timer_set_rate(TIMER_HZ_MAX);
	assert_true(devices[LOCAL].period > 0);
}

static void test_sleep(void **state)
{
	uint64_t before;

	(void)state;
	timer_start();
	before = now;
	sleep_ms(25);
	assert_true(now - before >= 25 * NS_PER_MS);
	assert_true(now - before <= 36 * NS_PER_MS);
}

/* As those do that a busy host has not let through: the clock counts. */
static void test_sleep_with_ticks_at_once(void **state)
{
	uint64_t before;

	(void)state;
	timer_start();
	before = now;
	owed = 20;
	sleep_ms(25);
	assert_true(now - before >= 25 * NS_PER_MS);
	assert_true(now - before <= 36 * NS_PER_MS);
}

/* Nothing waits for ever: neither the start nor a sleep. */
static void test_tsc_that_stands_still(void **state)
{
	uint64_t before;

	(void)state;
	tsc_stops = true;
	timer_start();
	before = now;
	sleep_ms(25);
	assert_true(now - before >= 25 * NS_PER_MS);
	assert_true(now - before <= 100 * NS_PER_MS);

	setup(state);
	tsc_stops = true;
	devices[LOCAL].ticks = devices[CHANNEL_0].ticks = false;
	assert_false(timer_start());
	sleep_ms(25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_local_timer, setup),
		cmocka_unit_test_setup(
			test_pit_where_the_other_could_not_be_measured, setup),
		cmocka_unit_test_setup(test_pit_where_the_other_never_ticks,
				       setup),
		cmocka_unit_test_setup(test_no_source_ticks, setup),
		cmocka_unit_test_setup(test_no_source_is_there, setup),
		cmocka_unit_test_setup(test_other_processors, setup),
		cmocka_unit_test_setup(test_paused_while_idle, setup),
		cmocka_unit_test_setup(test_slow_local_timer, setup),
		cmocka_unit_test_setup(test_sleep, setup),
		cmocka_unit_test_setup(test_sleep_with_ticks_at_once, setup),
		cmocka_unit_test_setup(test_tsc_that_stands_still, setup),
	};

	return cmocka_run_group_tests_name("timer", tests, NULL, NULL);
}
