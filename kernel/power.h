/*
 * power.h - switching the machine off, and starting it anew.
 *
 * There are several ways, none of which works everywhere. Each that is tried
 * is printed first, so that the last line names the one that worked, or hung.
 *
 * Context: any in which kprintf() may be called.
 */
#ifndef KERNEL_POWER_H
#define KERNEL_POWER_H

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
