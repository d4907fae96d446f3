#include "kernel/kernel.h"

#include <stdbool.h>
#include <stddef.h>

#include "boot/x86.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/gdt.h"
#include "kernel/device/emulator.h"
#include "kernel/device/serial.h"
#include "kernel/memory/pages.h"
#include "kernel/monitor/command.h"
#include "kernel/time/clock.h"
#include "x86/cpuid.h"
#include "x86/port.h"

#define TIMEOUT_US 1000000 /* after each way that was tried */
#define ACPI_MODE_POLLS 3000 /* ms; firmware may take its time */

#define CPUID_1_ECX_HYPERVISOR 0x80000000

#define KBC_PULSE_RESET 0xFE
#define KBC_POLLS 0x10000

struct way {
	const char *name;
	const char *words;
	bool (*is_there)(void);
	void (*go)(void);
};

/* ---- Off ----------------------------------------------------------------- */

static bool has_s5(void)
{
	const struct acpi_power *power = &firmware_acpi()->power;

	return power->can_sleep && power->control[0];
}

/* Until then ACPI's registers are the firmware's. */
static void enter_acpi_mode(const struct acpi_power *power)
{
	if (!power->smi_command ||
	    port_read16(power->control[0]) & ACPI_SCI_ENABLED)
		return;
	port_write(power->smi_command, power->enable);
	for (int i = 0; i < ACPI_MODE_POLLS; i++) {
		if (port_read16(power->control[0]) & ACPI_SCI_ENABLED)
			return;
		clock_wait_us(1000);
	}
}

static void write_sleep(const struct acpi_power *power, unsigned int enable)
{
	for (int i = 0; i < 2; i++) {
		uint16_t port = power->control[i];
		unsigned int value;

		if (!port)
			continue;
		value = port_read16(port) & ~(unsigned int)ACPI_SLEEP_TYPE_MASK;
		value |= (power->off[i] & 7u) << ACPI_SLEEP_TYPE_SHIFT;
		port_write16(port, (uint16_t)(value | enable));
	}
}

/* ACPI, "Transitioning from the Working to the Soft Off State". The state is
 * written to all registers before SLP_EN is set in the first one, and in a
 * write of its own: some hardware misses a state that comes together with
 * SLP_EN (HW-45). */
static void enter_s5(void)
{
	const struct acpi_power *power = &firmware_acpi()->power;

	enter_acpi_mode(power);
	write_sleep(power, 0);
	write_sleep(power, ACPI_SLEEP_ENABLE);
}

/* On a real machine anything could be behind those ports. */
static bool is_emulator(void)
{
	return cpuid_read(1).ecx & CPUID_1_ECX_HYPERVISOR || debugcon_present();
}

static void write_emulator_ports(void)
{
	static const char bochs[] = "Shutdown";

	port_write16(0x604, 0x2000);  /* QEMU */
	port_write16(0xB004, 0x2000); /* QEMU before 2.0, Bochs before 2.5 */
	port_write16(0x4004, 0x3400); /* VirtualBox */
	port_write_all(0x8900, bochs, sizeof(bochs) - 1);
}

/* ---- Reset --------------------------------------------------------------- */

static bool has_reset_register(void)
{
	return firmware_acpi()->power.reset.space != ACPI_NOWHERE;
}

static void write_reset_register(void)
{
	const struct acpi_power *power = &firmware_acpi()->power;
	volatile uint8_t *memory;

	if (power->reset.space == ACPI_PORT) {
		port_write((uint16_t)power->reset.address, power->reset_value);
		return;
	}
	memory = pages_map_device("reset register", power->reset.address, 1);
	if (memory)
		*memory = power->reset_value;
}

static bool has_keyboard_controller(void)
{
	return port_read(KBC_STATUS) != 0xFF;
}

static void pulse_reset_line(void)
{
	for (int i = 0; i < KBC_POLLS; i++)
		if (!(port_read(KBC_STATUS) & KBC_IN_FULL))
			break;
	port_write(KBC_STATUS, KBC_PULSE_RESET);
}

static bool always_there(void)
{
	return true;
}

/* With an IDT of no gates no exception can be delivered, not even a double
 * fault. */
static void fault_three_times(void)
{
	const struct table_register none = { 0, 0 };

	__asm__ volatile("lidt %0\n\t"
			 "int3"
			 :
			 : "m"(none));
}

/* ---- Trying -------------------------------------------------------------- */

static const struct way off_ways[] = {
	{ "acpi", "by ACPI, state S5", has_s5, enter_s5 },
	{ "ports", "by an emulator's port", is_emulator, write_emulator_ports },
};
#define OFF_WAYS (sizeof(off_ways) / sizeof(off_ways[0]))

static const struct way reset_ways[] = {
	{ "acpi", "by ACPI's reset register", has_reset_register,
	  write_reset_register },
	{ "kbc", "by the keyboard controller", has_keyboard_controller,
	  pulse_reset_line },
	{ "fault", "by a triple fault", always_there, fault_three_times },
};
#define RESET_WAYS (sizeof(reset_ways) / sizeof(reset_ways[0]))

static void try_way(const char *what, const struct way *way)
{
	if (!way->is_there())
		return;
	kprintf("%s: %s\n", what, way->words);
	com1_drain();
	way->go();
	clock_wait_us(TIMEOUT_US);
}

/* Returns whether any of them was wanted. */
static bool try_all(const char *what, const char *wanted,
		    const struct way *ways, size_t count)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (wanted && !list_has(wanted, ways[i].name))
			continue;
		any = true;
		try_way(what, &ways[i]);
	}
	return any;
}

void power_off(const char *ways)
{
	if (try_all("power off", ways, off_ways, OFF_WAYS))
		kprintf("This machine cannot be switched off from here: please "
			"press its button.\n");
}

void power_reset(const char *ways)
{
	if (try_all("reboot", ways, reset_ways, RESET_WAYS))
		kprintf("This machine cannot be reset in the ways that were "
			"tried.\n");
}

/* ---- The commands -------------------------------------------------------- */

static const char *off_way(size_t n)
{
	return n < OFF_WAYS ? off_ways[n].name : NULL;
}

static const char *reset_way(size_t n)
{
	return n < RESET_WAYS ? reset_ways[n].name : NULL;
}

COMMAND_LINE_WORD(poweroff, .value = "WAY,...", .list = true, .choice = off_way,
		  .help = "switch off when ready, see kernel/kernel.h");
COMMAND_LINE_WORD(reboot, .value = "WAY,...", .list = true, .choice = reset_way,
		  .help = "start anew when ready, see kernel/kernel.h");

void power_run(void)
{
	const char *ways;

	if (command_line_find("poweroff", &ways))
		power_off(ways);
	if (command_line_find("reboot", &ways))
		power_reset(ways);
}

COMMAND(poweroff, .group = GROUP_POWER, .help = "switch the machine off")
{
	power_off(NULL);
}

COMMAND(reboot, .group = GROUP_POWER, .help = "start the machine anew")
{
	power_reset(NULL);
}
