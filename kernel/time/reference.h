/*
 * reference.h - counters whose frequency is known, to measure others by.
 *
 * In the order in which they are tried: the HPET, ACPI's timer, the PIT's
 * spare channel. Each is there on some machines and switched off on others
 * (HW-39). Nothing is left running that was not before, but the HPET's
 * counter. Context: interrupts off, once, at boot.
 */
#ifndef KERNEL_TIME_REFERENCE_H
#define KERNEL_TIME_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "acpi.h"

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
