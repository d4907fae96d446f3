/*
 * firmware.h - what the firmware says about the machine, by ACPI's tables.
 */
#ifndef KERNEL_FIRMWARE_H
#define KERNEL_FIRMWARE_H

#include "acpi.h"

/* Read the tables, once. @rsdp is where ACPI begins; 0: there is none. Needs
 * pages_start(). */
void firmware_start(paddr_t rsdp);

/* What they said; where there are none, as acpi_read() has it. Any context. */
const struct acpi *firmware_acpi(void);

#endif
