/*
 * local_apic.h - the interrupt controller inside each processor, and its
 * timer (SDM 3A, "Advanced Programmable Interrupt Controller (APIC)").
 *
 * Its registers are reached in memory, or as MSRs where the firmware has left
 * it in x2APIC mode (HW-38). Nothing here needs that mode: it is not switched
 * on.
 *
 * Context: interrupts off, but for local_apic_timer_count().
 */
#ifndef KERNEL_IRQ_LOCAL_APIC_H
#define KERNEL_IRQ_LOCAL_APIC_H

#include <stdbool.h>
#include <stdint.h>

#include "acpi.h"
#include "address.h"

/* Make the registers accessible, once. Returns false if the processors have no
 * local APIC, it is off, or its registers cannot be reached. */
bool local_apic_start(void);

/**
 * local_apic_start_cpu - take over what the firmware left in this processor's
 * @spurious:	vector for interrupts that went away too early, 0x..F
 * @nmi:	the pin that is wired to NMI
 * @pics:	whether the 8259s' output, pin 0, is let through
 *
 * No other source is enabled; what is in service is ended. Needs
 * local_apic_start().
 */
void local_apic_start_cpu(unsigned int spurious, const struct acpi_nmi *nmi,
			  bool pics);

/* The address that I/O APICs send to. */
uint32_t local_apic_id(void);

/* Where its registers are; 0: they are MSRs. */
vaddr_t local_apic_address(void);

/* End of interrupt: the handler has returned. */
void local_apic_end(void);

/* Count from `count` down to 0, again and again, and interrupt with `vector`
 * at 0; `vector` 0: never interrupt. It counts the bus clock or, in newer
 * models, the core crystal clock, divided by 16: clock.h measures it. */
void local_apic_timer(unsigned int vector, uint32_t count);

/* The count now. */
uint32_t local_apic_timer_count(void);

/* Commands to other processors (SDM 3A, "Interrupt Command Register (ICR)"). */
#define IPI_FIXED 0x4000 /* + the vector */
#define IPI_NMI 0x4400
#define IPI_INIT 0x4500
#define IPI_STARTUP 0x4600 /* + the page that it starts at */

/* Send one to the processor with this local_apic_id(). Returns false if it has
 * not left after a while, or the id has more bits than can be written. */
bool local_apic_send(uint32_t id, uint32_t command);

/* To all but this one. */
bool local_apic_send_others(uint32_t command);

#endif
