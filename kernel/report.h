/*
 * report.h - what the kernel was told and found, for who watches it boot.
 */
#ifndef KERNEL_REPORT_H
#define KERNEL_REPORT_H

#include "boot/bootinfo.h"

/* All need the console. The second is the line that tools wait for. */
void report(const struct boot_info *info);
void report_ready(void);

/* Every colour on every background. */
void report_colors(void);

#endif
