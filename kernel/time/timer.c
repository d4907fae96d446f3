#include "kernel/time/timer.h"

#include <stdatomic.h>
#include <stddef.h>

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/device/pit.h"
#include "kernel/irq/irq.h"
#include "kernel/irq/local_apic.h"
#include "kernel/panic/panic.h"
#include "kernel/sync/spinlock.h"
#include "kernel/time/clock.h"

#define FIRST_HZ 1000 /* so that the boot need not wait long */
#define FIRST_TICK_US 500000
#define FIRST_TICK_LOOKS 100000 /* for a virtual processor that was stopped */

#define SOURCES 2

/* What can tick. */
struct source {
	const char *name;
	unsigned int irq;
	void (*start)(uint32_t hz); /* or go on at another rate */
	void (*stop)(void);
};

static const struct source *timer_source; /* that ticks; NULL: none */
/* Were there, but never ticked. */
static const char *timer_silent_names[SOURCES];
static size_t timer_silent_count;
static uint32_t timer_rate; /* hz */

static _Atomic uint64_t timer_tick_count;
static void (*_Atomic timer_tick_call)(void);
static struct spinlock timer_lock = SPINLOCK("timer");
SPINLOCK_LISTED(timer_lock);

/* ---- The sources --------------------------------------------------------- */

static void start_local_timer(uint32_t hz)
{
	uint64_t count = clock_rates()->local_timer_hz / hz;

	local_apic_timer(irq_vector(IRQ_LOCAL_TIMER),
			 count ? (uint32_t)count : 1);
	cpu_this()->timer_hz = hz;
}

static void stop_local_timer(void)
{
	local_apic_timer(0, 0);
}

static void start_pit(uint32_t hz)
{
	pit_tick(hz);
	irq_enable(IRQ_PIT);
}

static void stop_pit(void)
{
	irq_disable(IRQ_PIT);
}

static const struct source local_timer = { "local APIC timer", IRQ_LOCAL_TIMER,
					   start_local_timer,
					   stop_local_timer };
static const struct source pit = { "PIT", IRQ_PIT, start_pit, stop_pit };

/* ---- Choosing ------------------------------------------------------------ */

/* Of any processor. */
static void timer_tick(void)
{
	void (*call)(void) = timer_tick_call;

	/* It was set on another one. */
	if (timer_source == &local_timer && cpu_this()->timer_hz != timer_rate)
		start_local_timer(timer_rate);
	/* The others' ticks are for their threads alone. */
	if (cpu_this()->number != 0)
		return;
	timer_tick_count++;
	if (call)
		call();
}

void timer_set_rate(uint32_t hz)
{
	SPINLOCK_HOLD(&timer_lock);

	ASSERT(hz >= TIMER_HZ_MIN && hz <= TIMER_HZ_MAX);
	timer_rate = hz;
	if (timer_source)
		timer_source->start(hz);
}

static bool timer_has_ticked(void)
{
	struct deadline deadline = deadline_after_us(FIRST_TICK_US);
	unsigned int looks = 0;

	while (!timer_tick_count &&
	       (looks++ < FIRST_TICK_LOOKS || !deadline_has_come(&deadline)))
		cpu_pause();
	return timer_tick_count != 0;
}

/* A timer that counts may still never interrupt (HW-47): it is used only once
 * it has ticked. */
static void timer_try(const struct source *candidate)
{
	if (!irq_handle(candidate->irq, "timer", timer_tick))
		return;
	timer_source = candidate;
	timer_set_rate(FIRST_HZ);
	if (timer_has_ticked())
		return;
	timer_source = NULL;
	candidate->stop();
	irq_handle(candidate->irq, NULL, NULL);
	timer_silent_names[timer_silent_count++] = candidate->name;
}

void timer_start_cpu(void)
{
	if (timer_source == &local_timer)
		start_local_timer(timer_rate);
}

bool timer_pause_cpu(void)
{
	struct cpu *cpu = cpu_this();

	if (cpu->number == 0 || !cpu->timer_hz)
		return false;
	stop_local_timer();
	cpu->timer_hz = 0;
	cpu->timer_paused = true;
	return true;
}

void timer_resume_cpu(void)
{
	struct cpu *cpu = cpu_this();

	if (!cpu->timer_paused)
		return;
	cpu->timer_paused = false;
	start_local_timer(timer_rate);
}

bool timer_start(void)
{
	cpu_interrupts_on();
	if (clock_rates()->local_timer_hz)
		timer_try(&local_timer);
	if (!timer_source)
		timer_try(&pit);
	timer_set_rate(TIMER_HZ);
	return timer_source != NULL;
}

const char *timer_name(void)
{
	return timer_source ? timer_source->name : NULL;
}

const char *timer_silent(size_t n)
{
	return n < SOURCES ? timer_silent_names[n] : NULL;
}

uint64_t timer_ticks_of(const struct cpu *cpu)
{
	return timer_source ? cpu->interrupts[irq_vector(timer_source->irq)] :
			      0;
}

uint64_t timer_ticks(void)
{
	return timer_tick_count;
}

void timer_on_tick(void (*call)(void))
{
	timer_tick_call = call;
}

/* The TSC of some processors stands still while they are halted (HW-48): after
 * so many ticks they are not halted any more. Ticks alone do not end a sleep:
 * those that a busy host owes may come all at once. */
void sleep_ms(uint64_t ms)
{
	struct deadline deadline = deadline_after_us(ms * 1000);
	uint64_t last_tick =
		timer_tick_count + 2 * (ms * timer_rate / 1000 + 1);

	while (!deadline_has_come(&deadline)) {
		if (timer_source && cpu_flags() & EFLAGS_IF &&
		    timer_tick_count < last_tick)
			cpu_halt();
		else
			cpu_pause();
	}
}
