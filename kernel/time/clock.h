/*
 * clock.h - the time since the machine was started, in nanoseconds, counted by
 * the TSC. It never runs backwards.
 *
 * The TSC's frequency is measured at boot by a counter whose frequency is
 * known (below), in windows of CLOCK_WINDOW_US until any two of them
 * agree; if none do, the two that are nearest to each other are the best there
 * is (HW-48).
 * Where the TSC is not invariant it may change its pace with the processor's,
 * also while that is halted, and the clock with it: the boot report says which
 * it is.
 */
#ifndef KERNEL_TIME_CLOCK_H
#define KERNEL_TIME_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "acpi.h"
#include "boot/bootinfo.h"

#define CLOCK_WINDOW_US 5000
#define CLOCK_WINDOWS_MAX 8
#define CLOCK_AGREE 1000 /* millionths by which windows that agree may differ */

#define NS_PER_S 1000000000u
#define NS_PER_MS 1000000u

struct clock_rates {
	uint64_t tsc_hz;
	uint64_t local_timer_hz; /* of the local APIC; 0: not known */
	const char *measured_by; /* NULL: by nothing, TSC_HZ_GUESS was taken */
	bool steady; /* two windows agreed */
};

/* Taken for the TSC where nothing can measure it and CPUID does not give it. */
#define TSC_HZ_GUESS 1000000000u

/**
 * clock_start - measure the TSC, and the local APIC's timer with it
 * @acpi:	what counters there are
 * @zero:	TSC of the moment that is 0 from now on
 * @with_local_timer: whether there is a local APIC to be measured
 *
 * Interrupts off; takes some 10 ms. Needs irq_start().
 */
void clock_start(const struct acpi_timers *acpi, uint64_t zero,
		 bool with_local_timer);

/* Nanoseconds since `zero`; 0 before clock_start(). Context: any. */
uint64_t clock_ns(void);

/* The same for a TSC read at another moment; 0 for one before `zero`. */
uint64_t clock_ns_at(uint64_t ticks);

/* Nanoseconds that so many TSC ticks take. Context: any. */
uint64_t clock_span_ns(uint64_t ticks);

/* What was measured. */
const struct clock_rates *clock_rates(void);

/**
 * A moment that is waited for:
 *
 *	struct deadline deadline = deadline_after_us(1000);
 *
 *	while (!is_ready() && !deadline_has_come(&deadline))
 *		cpu_pause();
 *
 * Where the TSC stands still, it has come after some calls: no wait is endless.
 * Needs clock_start(). Context: any.
 */
struct deadline {
	uint64_t ns;	    /* by clock_ns() */
	uint64_t ticks;	    /* TSC at the last look */
	unsigned int still; /* looks at which it was the same */
};

struct deadline deadline_after_us(uint64_t us);
bool deadline_has_come(struct deadline *deadline);

/* Do nothing for at least so long, with interrupts as they are. Needs
 * clock_start(). Context: any; to be used for a moment only, others sleep
 * (timer.h). */
void clock_wait_us(uint64_t us);

/*
 * ---- What the clock is measured by (reference.c) ----------------------------
 *
 * Counters whose frequency is known. In the order in which they are tried: the
 * HPET, ACPI's timer, the PIT's channel 2. Each is there on some machines and
 * switched off on others (HW-39). Nothing is left running that was not before,
 * but the HPET's counter. Context: interrupts off, once, at boot.
 */

struct reference {
	const char *name;
	uint64_t hz;
	uint32_t mask; /* the counter is that wide */
	uint32_t (*read)(void);
	void (*stop)(void); /* NULL: nothing to be done */
};

/* The first one that counts. Returns false if none does. */
bool reference_find(const struct acpi_timers *acpi,
		    struct reference *reference);

#endif
