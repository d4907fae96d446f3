/*
 * kernel.h - the room kernel/ itself: what kernel_main() calls of its other
 * files. The command line and the symbols have headers of their own.
 */
#ifndef KERNEL_KERNEL_H
#define KERNEL_KERNEL_H

#include "acpi.h"
#include "boot/bootinfo.h"

/* ---- What ACPI's tables say of the machine (firmware.c) ------------------ */

/* Read the tables, once. @rsdp is where ACPI begins; 0: there is none. Needs
 * pages_start(). */
void firmware_start(paddr_t rsdp);

/* What was read; where there are no tables, acpi_read() says what. Any
 * context. */
const struct acpi *firmware_acpi(void);

/*
 * ---- The boot report (report.c) ---------------------------------------------
 *
 * What the loader handed over, and what the kernel found.
 */

/* What the loader found and did. All of these need the console; this one
 * nothing else: it comes before any other device is used. */
void report_loader(const struct boot_info *info);

/* Keep the loader's time stamps, TIME_COUNT of them, for the monitor's command
 * boot (milestones.c). */
void report_steps(const uint64_t *time_stamps);

/* Interrupt controllers, clock and timer. Needs timer_start(). */
void report_machine(const struct boot_info *info);

/* A warning where there is no keyboard controller, or no COM1 either. Needs
 * input_start(). */
void report_input(void);

/* The line that tools wait for. */
void report_ready(void);

/* Every colour on every background. */
void report_colors(void);

/*
 * ---- Power (power.c) --------------------------------------------------------
 *
 * Switching the machine off, and starting it anew. There are several ways, none
 * of which works everywhere. Each that is tried is printed first, so that the
 * last line names the one that worked, or hung.
 *
 * Context: any in which kprintf() may be called.
 */

/**
 * power_off - switch the machine off
 * @ways:	the ways to try, separated by commas; NULL: all of them
 *
 *	acpi	state S5, as ACPI's tables describe it
 *	ports	those of QEMU, Bochs and VirtualBox, if this is an emulator
 *
 * Returns where nothing worked, after saying so, and at once where @ways names
 * none of them.
 */
void power_off(const char *ways);

/**
 * power_reset - start the machine anew
 * @ways:	the ways to try, separated by commas; NULL: all of them
 *
 *	acpi	the reset register of ACPI's tables
 *	kbc	the keyboard controller's reset line
 *	fault	a triple fault, on purpose
 *
 * Returns where nothing worked, after saying so; the last way always does. At
 * once where @ways names none of them.
 */
void power_reset(const char *ways);

/* Do what the command line asks for, if anything: poweroff, reboot, either with
 * "=WAYS" behind it. */
void power_run(void);

#endif
