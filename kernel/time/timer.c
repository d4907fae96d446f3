#include "kernel/time/timer.h"

#include <stdatomic.h>
#include <stddef.h>

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/irq.h"
#include "kernel/cpu/local_apic.h"
#include "kernel/cpu/spinlock.h"
#include "kernel/panic/panic.h"
#include "kernel/time/clock.h"
#include "kernel/time/pit.h"

#define FIRST_HZ 1000 /* so that the boot need not wait long */
#define FIRST_TICK_NS (NS_PER_S / 2)

static enum { NOBODY, LOCAL_TIMER, PIT } who;

static _Atomic uint64_t ticks;
static void (*_Atomic on_tick)(void);
static struct spinlock lock = SPINLOCK("timer");

static void tick(void)
{
	void (*call)(void) = on_tick;

	ticks++;
	if (call)
		call();
}

static void choose(void)
{
	who = NOBODY;
	if (clock_rates()->local_timer_hz &&
	    irq_handle(IRQ_LOCAL_TIMER, "timer", tick)) {
		who = LOCAL_TIMER;
	} else if (irq_handle(IRQ_PIT, "timer", tick)) {
		who = PIT;
		irq_enable(IRQ_PIT);
	}
}

void timer_set_rate(uint32_t hz)
{
	SPINLOCK_HOLD(&lock);

	ASSERT(hz >= TIMER_HZ_MIN && hz <= TIMER_HZ_MAX);
	if (who == LOCAL_TIMER)
		local_apic_timer(irq_vector(IRQ_LOCAL_TIMER),
				 (uint32_t)(clock_rates()->local_timer_hz /
					    hz));
	else if (who == PIT)
		pit_tick(hz);
}

bool timer_start(void)
{
	uint64_t until = clock_ns() + FIRST_TICK_NS;

	choose();
	timer_set_rate(FIRST_HZ);
	cpu_interrupts_on();
	while (who != NOBODY && !ticks && clock_ns() < until)
		cpu_pause();
	timer_set_rate(TIMER_HZ);
	return ticks != 0;
}

const char *timer_name(void)
{
	static const char *const names[] = { NULL, "local APIC timer", "PIT" };

	return names[who];
}

uint64_t timer_ticks(void)
{
	return ticks;
}

void timer_on_tick(void (*call)(void))
{
	on_tick = call;
}

void sleep_ms(uint64_t ms)
{
	uint64_t until = clock_ns() + ms * NS_PER_MS;

	while (clock_ns() < until) {
		if (ticks && cpu_flags() & EFLAGS_IF)
			cpu_halt();
		else
			cpu_pause();
	}
}
