#include "kernel/time/clock.h"

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/local_apic.h"
#include "kernel/time/reference.h"
#include "x86/cpuid.h"
#include "x86/tsc.h"

#define US_PER_S 1000000u

/* More than a window ever needs, on any machine: a port takes a microsecond. */
#define WINDOW_POLLS 1000000

#define SAMPLES 4 /* the quickest is taken */

#define CPUID_TSC 0x15 /* SDM 2A, CPUID: TSC and crystal */

static struct clock_rates rates;
static uint64_t zero_ticks;
static uint64_t ns_per_tick; /* << 32 */

/* Three counters at the same moment. */
struct sample {
	uint64_t ticks;
	uint32_t reference;
	uint32_t local_timer; /* counts down */
};

static bool with_timer;

/* Something may have come in between: of several tries the shortest. */
static struct sample take_sample(const struct reference *reference)
{
	struct sample best = { 0 };
	uint64_t shortest = UINT64_MAX;

	for (int i = 0; i < SAMPLES; i++) {
		uint64_t before = tsc_read();
		struct sample now = {
			.reference = reference->read(),
			.local_timer = with_timer ? local_apic_timer_count() :
						    0,
		};
		uint64_t took = tsc_read() - before;

		if (took < shortest) {
			shortest = took;
			best = now;
			best.ticks = before + took / 2;
		}
	}
	return best;
}

/* Returns false if the reference stands still. */
static bool measure(const struct reference *reference)
{
	uint32_t length =
		(uint32_t)(reference->hz * CLOCK_WINDOW_US / US_PER_S);
	struct sample from = take_sample(reference), to;
	uint32_t passed = 0;

	for (int i = 0; passed < length && i < WINDOW_POLLS; i++)
		passed = (reference->read() - from.reference) & reference->mask;
	if (passed < length)
		return false;
	to = take_sample(reference);
	passed = (to.reference - from.reference) & reference->mask;
	rates.tsc_hz = (to.ticks - from.ticks) * reference->hz / passed;
	rates.local_timer_hz = (uint64_t)(from.local_timer - to.local_timer) *
			       reference->hz / passed;
	return rates.tsc_hz != 0;
}

static bool agree(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) <= a / CLOCK_AGREE;
}

static void measure_until_steady(const struct reference *reference)
{
	uint64_t before = 0;

	for (int i = 0; i < CLOCK_WINDOWS_MAX && !rates.steady; i++) {
		if (!measure(reference))
			continue;
		rates.measured_by = reference->name;
		rates.steady = agree(rates.tsc_hz, before);
		before = rates.tsc_hz;
	}
}

/* What the CPU says of itself, 0: nothing. */
static uint64_t tsc_hz_by_cpuid(void)
{
	struct cpuid id;

	if (cpuid_read(0).eax < CPUID_TSC)
		return 0;
	id = cpuid_read(CPUID_TSC);
	return id.eax ? (uint64_t)id.ecx * id.ebx / id.eax : 0;
}

static void do_without_reference(void)
{
	rates.tsc_hz = tsc_hz_by_cpuid();
	rates.local_timer_hz = 0;
	rates.steady = rates.tsc_hz != 0;
	rates.measured_by = rates.steady ? "CPUID" : NULL;
	if (!rates.steady)
		rates.tsc_hz = TSC_HZ_GUESS;
}

void clock_start(const struct acpi_timers *acpi, uint64_t zero,
		 bool with_local_timer)
{
	struct reference reference;

	rates = (struct clock_rates){ 0 };
	zero_ticks = zero;
	with_timer = with_local_timer;
	if (with_timer)
		local_apic_timer(0, UINT32_MAX);
	if (reference_find(acpi, &reference)) {
		measure_until_steady(&reference);
		if (reference.stop)
			reference.stop();
	}
	if (!rates.measured_by)
		do_without_reference();
	ns_per_tick = ((uint64_t)NS_PER_S << 32) / rates.tsc_hz;
}

uint64_t clock_ns_at(uint64_t ticks)
{
	unsigned __int128 ns;

	if (ticks < zero_ticks)
		return 0;
	ns = (unsigned __int128)(ticks - zero_ticks) * ns_per_tick;
	return (uint64_t)(ns >> 32);
}

uint64_t clock_ns(void)
{
	return clock_ns_at(tsc_read());
}

const struct clock_rates *clock_rates(void)
{
	return &rates;
}

void clock_wait_us(uint64_t us)
{
	uint64_t until = clock_ns() + us * (NS_PER_S / US_PER_S);

	while (clock_ns() < until)
		cpu_pause();
}
