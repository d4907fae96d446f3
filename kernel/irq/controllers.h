/*
 * controllers.h - the interrupt controllers of a PC beside the local APIC, for
 * irq.c and local_apic.c; drivers use irq.h.
 *
 * Context: interrupts off.
 */
#ifndef KERNEL_IRQ_CONTROLLERS_H
#define KERNEL_IRQ_CONTROLLERS_H

#include <stdbool.h>
#include <stdint.h>

#include "acpi.h"

/*
 * ---- The two 8259s (8259A data sheet) ---------------------------------------
 *
 * IRQ 0 to 7 arrive at the first; 8 to 15 at the second, whose own output is
 * IRQ 2 of the first.
 */

#define PIC_IRQS 16
#define PIC_CASCADE 2 /* this IRQ is the second controller */

/* Send IRQ n to vector `vector` + n, which is a multiple of 8; mask them all,
 * end what firmware has left in service (HW-44). Returns false if there are no
 * such controllers. */
bool pic_start(unsigned int vector);

/* Let an IRQ through, or not. */
void pic_enable(unsigned int irq);
void pic_disable(unsigned int irq);

/* Whether the IRQ that arrived is spurious: it went away before the processor
 * asked for its vector, and the controllers give that of IRQ 7 or 15. Sends the
 * end of interrupt that such a one needs: no pic_end() then. To be called
 * before pic_end(). */
bool pic_is_spurious(unsigned int irq);

/* End of interrupt: the handler has returned. */
void pic_end(unsigned int irq);

/*
 * ---- The I/O APICs (82093AA data sheet) -------------------------------------
 *
 * They send the interrupts of devices to processors. All their inputs together
 * are numbered as global interrupts, as the MADT says. Inputs through which the
 * firmware gets SMIs stay as they are, since no table names them (HW-41).
 */

/* Find them and mask every input that raises no SMI, also one for NMIs or for
 * the 8259s. Returns how many inputs there are; 0: none can be used. */
uint32_t io_apic_start(const struct acpi_interrupts *acpi);

/**
 * io_apic_route - where a global interrupt goes, once it is enabled
 * @line:	the interrupt, and how its wire behaves
 * @vector:	16..254
 * @processor:	local_apic_id() of the processor that gets it, 0..255
 *
 * Returns false if no I/O APIC has that interrupt, or the firmware gets SMIs by
 * it. It is masked afterwards.
 */
bool io_apic_route(const struct acpi_isa_irq *line, unsigned int vector,
		   uint32_t processor);

/* Let a global interrupt that was routed through, or not. */
void io_apic_enable(uint32_t global);
void io_apic_disable(uint32_t global);

/*
 * ---- C1E: the sleep in which AMD's local APIC timer stands still ------------
 *
 * HLT is state C1, in which a local APIC counts on: its timer may only stop in
 * deeper states, which nothing enters here (SDM 3A, "APIC Timer"). But firmware
 * may have a K8 or K10 enter C1E once all its cores have halted, and there the
 * timer stops (HW-43; AMD publications 32559 and 31116, MSRC001_0055).
 */

/**
 * c1e_switch_off - make HLT nothing but HLT
 * @vendor:	cpuid_vendor()
 * @signature:	EAX of CPUID 1
 *
 * Does nothing on other processors. Needs an IDT: the register may be missing.
 */
void c1e_switch_off(const char *vendor, uint32_t signature);

#endif
