/*
 * firmware.h - what ACPI's tables say about the machine.
 */
#ifndef KERNEL_FIRMWARE_H
#define KERNEL_FIRMWARE_H

#include "acpi.h"

/* Read the tables, once. @rsdp is where ACPI begins; 0: there is none. Needs
 * pages_start(). */
void firmware_start(paddr_t rsdp);

/* What was read; where there are no tables, acpi_read() says what. Any
 * context. */
const struct acpi *firmware_acpi(void);

#endif
