/*
 * irq.h - interrupts of devices, whatever controllers there are.
 *
 *	static void key_pressed(void) { ... }
 *
 *	irq_handle(IRQ_KEYBOARD, "keyboard", key_pressed);
 *	irq_enable(IRQ_KEYBOARD);
 *
 * Devices are known by the numbers that the ISA bus gave them. Where ACPI's
 * MADT names I/O APICs, they and the local APIC are used and the 8259s are
 * masked; otherwise, or with irq=pic on the command line, the 8259s.
 * The MADT says which input a number means (HW-37).
 *
 * A handler runs with interrupts off and does not end the interrupt: that is
 * done here, after it. It may print, and take locks.
 */
#ifndef KERNEL_IRQ_IRQ_H
#define KERNEL_IRQ_IRQ_H

#include <stdbool.h>
#include <stdint.h>

#include "acpi.h"

#define IRQ_PIT 0
#define IRQ_KEYBOARD 1
#define IRQ_COM2 3
#define IRQ_COM1 4
#define IRQ_MOUSE 12

/* Not of the ISA bus: the timer in each local APIC. */
#define IRQ_LOCAL_TIMER 16
#define IRQS 17

/* Which controllers are used. */
enum irq_controllers { IRQ_NONE, IRQ_PIC, IRQ_APIC };

/**
 * irq_start - take over the interrupt controllers, and the boot processor's own
 * @acpi:	what the MADT says about them
 * @wanted:	"pic": do not use APICs; NULL: choose
 *
 * Everything but the firmware's SMIs is masked afterwards. Interrupts off; they
 * stay off. Needs cpu_start() and pages_start().
 */
void irq_start(const struct acpi_interrupts *acpi, const char *wanted);

/* Take over this processor's own controller, its local APIC. Interrupts off. */
void irq_start_cpu(void);

/* Which controllers are used, and how many inputs they have. */
enum irq_controllers irq_controllers(void);
uint32_t irq_inputs(void);

/**
 * irq_handle - set the handler of an interrupt
 * @irq:	0..IRQS - 1, but not the cascade of the 8259s, IRQ 2
 * @name:	for people, as in "keyboard"; NULL with the handler
 * @handler:	NULL: none any more
 *
 * Returns false if no controller has such an input, or the firmware gets SMIs
 * by it. It is masked until irq_enable(). Context: any but NMI.
 */
bool irq_handle(unsigned int irq, const char *name, void (*handler)(void));

/* Let an interrupt that has a handler through, or not. Context: any but NMI.
 * A local timer is enabled by starting it. */
void irq_enable(unsigned int irq);

/* Call this when an interrupt has been answered and ended, whoever's it was,
 * with interrupts off. It may return when others have run. NULL: nothing. */
void irq_at_end(void (*call)(unsigned int irq));
void irq_disable(unsigned int irq);

/* How often an interrupt came, and the name that irq_handle() was given; NULL:
 * it has no handler. Context: any. */
uint64_t irq_count(unsigned int irq);
const char *irq_name(unsigned int irq);

/* Interrupts that went away before they were taken (HW-36), and those without
 * a handler. Context: any. */
uint64_t irq_spurious(void);

/* The vector at which an interrupt arrives. */
unsigned int irq_vector(unsigned int irq);

#endif
