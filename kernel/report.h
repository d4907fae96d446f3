/*
 * report.h - the boot report: what the loader handed over, and what the kernel
 * found.
 */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include "boot/bootinfo.h"

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

#endif
