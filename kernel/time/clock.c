#include "kernel/time/clock.h"

#include "kernel/cpu/cpu.h"
#include "kernel/irq/local_apic.h"
#include "kernel/panic/tell.h"
#include "x86/cpuid.h"
#include "x86/tsc.h"

#define US_PER_S 1000000u

/* More than a window ever needs, on any machine: a port takes a microsecond. */
#define WINDOW_POLLS 1000000

#define SAMPLES 4 /* the quickest is taken */

#define MILLION 1000000u
#define TSC_HZ_MAX 1000000000000u /* no CPU is faster: the TSC has jumped */

/* Each look at the TSC takes it some ticks. */
#define STILL_LOOKS 1000

#define CPUID_TSC 0x15 /* SDM 2A, CPUID: TSC and crystal */

static struct clock_rates measured_rates;
static uint64_t clock_zero;
static uint64_t ns_per_tick; /* << 32 */

/* Three counters at the same moment. */
struct sample {
	uint64_t ticks;
	uint32_t reference;
	uint32_t local_timer; /* counts down */
};

static bool measures_local_timer;

/* Something may have come in between: of several tries the shortest. */
static struct sample take_sample(const struct reference *reference)
{
	struct sample best = { 0 };
	uint64_t shortest = UINT64_MAX;

	for (int i = 0; i < SAMPLES; i++) {
		uint64_t before = tsc_read();
		struct sample now = {
			.reference = reference->read(),
			.local_timer = measures_local_timer ?
					       local_apic_timer_count() :
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

/* What one window has measured. */
struct window {
	uint64_t tsc_hz; /* 0: nothing */
	uint64_t local_timer_hz;
};

/* Nothing, too, if the reference or the TSC stands still or runs wild. */
static struct window measure_window(const struct reference *reference)
{
	const struct window nothing = { 0 };
	uint32_t length =
		(uint32_t)(reference->hz * CLOCK_WINDOW_US / US_PER_S);
	struct sample from = take_sample(reference), to;
	uint32_t passed = 0;
	uint64_t ticks, tsc_hz;

	for (int i = 0; passed < length && i < WINDOW_POLLS; i++)
		passed = (reference->read() - from.reference) & reference->mask;
	if (passed < length)
		return nothing;
	to = take_sample(reference);
	passed = (to.reference - from.reference) & reference->mask;
	ticks = to.ticks - from.ticks;
	if (passed < length || ticks > UINT64_MAX / reference->hz)
		return nothing;
	tsc_hz = ticks * reference->hz / passed;
	if (tsc_hz > TSC_HZ_MAX)
		return nothing;
	return (struct window){
		.tsc_hz = tsc_hz,
		.local_timer_hz =
			(uint64_t)(from.local_timer - to.local_timer) *
			reference->hz / passed,
	};
}

/* How far two windows are apart, in millionths of the faster one. */
static uint64_t windows_apart(const struct window *a, const struct window *b)
{
	uint64_t fast = a->tsc_hz > b->tsc_hz ? a->tsc_hz : b->tsc_hz;
	uint64_t slow = a->tsc_hz > b->tsc_hz ? b->tsc_hz : a->tsc_hz;

	return (fast - slow) * MILLION / fast;
}

static void take_rates(const struct window *window, const struct reference *by)
{
	measured_rates.tsc_hz = window->tsc_hz;
	measured_rates.local_timer_hz = window->local_timer_hz;
	measured_rates.measured_by = by->name;
}

/* A host that is busy elsewhere spoils some windows, each in its own way: so of
 * all the two that are nearest to each other are the best. */
static void measure_until_steady(const struct reference *reference)
{
	struct window windows[CLOCK_WINDOWS_MAX];
	uint64_t nearest = MILLION + 1;
	unsigned int count = 0;

	for (int i = 0; i < CLOCK_WINDOWS_MAX && !measured_rates.steady; i++) {
		struct window *now = &windows[count];

		*now = measure_window(reference);
		if (!now->tsc_hz)
			continue;
		if (count == 0)
			take_rates(now, reference);
		for (unsigned int other = 0; other < count; other++) {
			if (windows_apart(now, &windows[other]) >= nearest)
				continue;
			nearest = windows_apart(now, &windows[other]);
			take_rates(now, reference);
		}
		measured_rates.steady = nearest <= CLOCK_AGREE;
		count++;
	}
}

/* By CPUID; 0: not given. */
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
	measured_rates.tsc_hz = tsc_hz_by_cpuid();
	measured_rates.local_timer_hz = 0;
	measured_rates.steady = measured_rates.tsc_hz != 0;
	measured_rates.measured_by = measured_rates.steady ? "CPUID" : NULL;
	if (!measured_rates.steady)
		measured_rates.tsc_hz = TSC_HZ_GUESS;
}

void clock_start(const struct acpi_timers *acpi, uint64_t zero,
		 bool with_local_timer)
{
	struct reference reference;

	measured_rates = (struct clock_rates){ 0 };
	clock_zero = zero;
	measures_local_timer = with_local_timer;
	if (measures_local_timer)
		local_apic_timer(0, UINT32_MAX);
	if (reference_find(acpi, &reference)) {
		measure_until_steady(&reference);
		if (reference.stop)
			reference.stop();
	}
	if (!measured_rates.measured_by)
		do_without_reference();
	ns_per_tick = ((uint64_t)NS_PER_S << 32) / measured_rates.tsc_hz;
	panic_tell_clock(clock_zero, ns_per_tick);
}

uint64_t clock_span_ns(uint64_t ticks)
{
	return (uint64_t)((unsigned __int128)ticks * ns_per_tick >> 32);
}

uint64_t clock_ns_at(uint64_t ticks)
{
	return ticks < clock_zero ? 0 : clock_span_ns(ticks - clock_zero);
}

uint64_t clock_ns(void)
{
	return clock_ns_at(tsc_read());
}

const struct clock_rates *clock_rates(void)
{
	return &measured_rates;
}

struct deadline deadline_after_us(uint64_t us)
{
	uint64_t ticks = tsc_read();

	return (struct deadline){
		.ns = clock_ns_at(ticks) + us * (NS_PER_S / US_PER_S),
		.ticks = ticks,
	};
}

bool deadline_has_come(struct deadline *deadline)
{
	uint64_t ticks = tsc_read();

	if (ticks != deadline->ticks)
		deadline->still = 0;
	deadline->ticks = ticks;
	return clock_ns_at(ticks) >= deadline->ns ||
	       deadline->still++ >= STILL_LOOKS;
}

void clock_wait_us(uint64_t us)
{
	struct deadline deadline = deadline_after_us(us);

	while (!deadline_has_come(&deadline))
		cpu_pause();
}
