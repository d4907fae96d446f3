/*
 * timer.h - the interrupt that comes TIMER_HZ times a second, and sleeping.
 *
 * It is the local APIC's timer where that is used, could be measured and has
 * ticked, else the PIT's IRQ 0 (HW-47).
 */
#ifndef KERNEL_TIME_TIMER_H
#define KERNEL_TIME_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpu;

#define TIMER_HZ 100

/* How often it may be asked for. */
#define TIMER_HZ_MIN 19 /* the PIT goes no slower */
#define TIMER_HZ_MAX 10000

/* Let it tick, and interrupts through: they are on from here. Waits for the
 * first tick, at most half a second for each of the two. Returns false if none
 * came; everything then goes on without. Needs clock_start(). */
bool timer_start(void);

/* Let it tick on this processor, too, if it is the local APIC's. Interrupts
 * off. */
void timer_start_cpu(void);

/* No more ticks on this processor, as it is idle, until it goes on. Returns
 * false, and they go on, for the first one, which keeps the time for all: waits
 * that end, the call of timer_on_tick(), keys without interrupts; and for one
 * that has no timer of its own. Interrupts off. */
bool timer_pause_cpu(void);
void timer_resume_cpu(void);

/* Which of them ticks, for people; NULL: none. */
const char *timer_name(void);

/* The n-th, from 0, that was there but never ticked; NULL: no more. */
const char *timer_silent(size_t n);

/* Ticks so far: of the first processor, or of that one. Context: any. */
uint64_t timer_ticks(void);
uint64_t timer_ticks_of(const struct cpu *cpu);

/* Tick so often from now on. Context: any but NMI. */
void timer_set_rate(uint32_t hz);

/* Call this at each tick, with interrupts off; NULL: nothing. */
void timer_on_tick(void (*call)(void));

/* Wait at least so long. The processor halts meanwhile, until a tick at or
 * after the end; where nothing ticks, or interrupts are off, it spins. Context:
 * any but NMI. */
void sleep_ms(uint64_t ms);

#endif
