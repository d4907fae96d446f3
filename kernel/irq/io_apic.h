/*
 * io_apic.h - the I/O APICs, which send the interrupts of devices to
 * processors (82093AA data sheet).
 *
 * All their inputs together are numbered as global interrupts, as the MADT
 * says. Inputs through which the firmware gets SMIs stay as they are, since no
 * table names them (HW-41). Context: interrupts off.
 */
#ifndef KERNEL_IRQ_IO_APIC_H
#define KERNEL_IRQ_IO_APIC_H

#include <stdbool.h>
#include <stdint.h>

#include "acpi.h"

/* Find them and mask every input that raises no SMI, also one for NMIs or for
 * the 8259s. Returns how many inputs there are; 0: none can be used. */
uint32_t io_apic_start(const struct acpi_interrupts *acpi);

/**
 * io_apic_route - where a global interrupt goes, once it is enabled
 * @line:	the interrupt, and how its wire behaves
 * @vector:	16..254
 * @processor:	local_apic_id() of who gets it, 0..255
 *
 * Returns false if no I/O APIC has that interrupt, or the firmware gets SMIs by
 * it. It is masked afterwards.
 */
bool io_apic_route(const struct acpi_isa_irq *line, unsigned int vector,
		   uint32_t processor);

/* Let a global interrupt that was routed through, or not. */
void io_apic_enable(uint32_t global);
void io_apic_disable(uint32_t global);

#endif
