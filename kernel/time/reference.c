#include "kernel/time/clock.h"

#include <stddef.h>

#include "kernel/device/mmio.h"
#include "kernel/device/pit.h"
#include "kernel/memory/pages.h"
#include "x86/port.h"

/* IA-PC HPET specification 1.0a, 2.3 */
#define HPET_SIZE 0x400
#define HPET_CAPABILITIES 0x00 /* period in 10^-15 s in the upper half */
#define HPET_CONFIGURATION 0x10
#define HPET_COUNTER 0xF0
#define HPET_PERIOD_MAX 100000000
#define HPET_PERIOD_MIN 1000000 /* 1 GHz; real ones have some 14 MHz */
#define HPET_ENABLE 0x1
#define HPET_REPLACES_PIT 0x2 /* takes IRQ 0 and 8 away from PIT and RTC */

/* Some have 32 bits (ACPI, "Power Management Timer"). */
#define PM_TIMER_MASK 0xFFFFFF

#define FEMTOSECONDS 1000000000000000u

/* A counter of 1 MHz and more changes between two reads, or soon after. */
#define MOVES_POLLS 1000

static volatile uint8_t *hpet_registers;
static uint16_t pm_timer_port;

/* The upper half is never needed: no wait is that long. */
static uint32_t hpet_read(void)
{
	return mmio_read32(hpet_registers + HPET_COUNTER);
}

static bool find_hpet(const struct acpi_timers *acpi, struct reference *found)
{
	uint32_t period, configuration;

	if (!acpi->hpet)
		return false;
	hpet_registers = pages_map_device("HPET", acpi->hpet, HPET_SIZE);
	if (!hpet_registers)
		return false;
	period = mmio_read32(hpet_registers + HPET_CAPABILITIES + 4);
	if (period < HPET_PERIOD_MIN || period > HPET_PERIOD_MAX)
		return false;
	configuration = mmio_read32(hpet_registers + HPET_CONFIGURATION);
	configuration &= ~(uint32_t)HPET_REPLACES_PIT;
	mmio_write32(hpet_registers + HPET_CONFIGURATION,
		     configuration | HPET_ENABLE);
	*found = (struct reference){ "HPET", FEMTOSECONDS / period, UINT32_MAX,
				     hpet_read, NULL };
	return true;
}

static uint32_t read_pm_timer(void)
{
	return port_read32(pm_timer_port);
}

static bool find_pm_timer(const struct acpi_timers *acpi,
			  struct reference *found)
{
	pm_timer_port = acpi->pm_timer;
	*found = (struct reference){ "ACPI timer", ACPI_PM_TIMER_HZ,
				     PM_TIMER_MASK, read_pm_timer, NULL };
	return pm_timer_port != 0;
}

static bool find_pit(const struct acpi_timers *acpi, struct reference *found)
{
	(void)acpi;
	pit_count_start();
	*found = (struct reference){ "PIT", PIT_HZ, 0xFFFF, pit_count,
				     pit_count_stop };
	return true;
}

static bool reference_moves(const struct reference *reference)
{
	uint32_t first = reference->read();

	for (int i = 0; i < MOVES_POLLS; i++)
		if (reference->read() != first)
			return true;
	return false;
}

bool reference_find(const struct acpi_timers *acpi, struct reference *reference)
{
	static bool (*const finders[])(const struct acpi_timers *,
				       struct reference *) = { find_hpet,
							       find_pm_timer,
							       find_pit };

	for (size_t i = 0; i < sizeof(finders) / sizeof(finders[0]); i++) {
		if (!finders[i](acpi, reference))
			continue;
		if (reference_moves(reference))
			return true;
		if (reference->stop)
			reference->stop();
	}
	return false;
}
