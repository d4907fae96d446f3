/*
 * firmware.h - what the firmware says about the machine, by ACPI's tables.
 */
#ifndef KERNEL_FIRMWARE_H
#define KERNEL_FIRMWARE_H

#include "acpi.h"
#include "boot/bootinfo.h"

/* Read the tables, once. Needs pages_start(). */
void firmware_start(const struct boot_info *info);

/* What they said; where there are none, as acpi_read() has it. Any context. */
const struct acpi *firmware_acpi(void);

#endif
