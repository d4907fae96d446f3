/*
 * pic.h - the two 8259 interrupt controllers of a PC (8259A data sheet).
 *
 * IRQ 0 to 7 arrive at the first; 8 to 15 at the second, whose own output is
 * IRQ 2 of the first. Context: interrupts off.
 */
#ifndef KERNEL_IRQ_PIC_H
#define KERNEL_IRQ_PIC_H

#include <stdbool.h>

#define PIC_IRQS 16
#define PIC_CASCADE 2 /* this IRQ is the second controller */

/* Send IRQ n to vector `vector` + n, which is a multiple of 8; mask them all,
 * end what firmware has left in service (HW-44). Returns false if there are no
 * such controllers. */
bool pic_start(unsigned int vector);

/* Let an IRQ through, or not. */
void pic_enable(unsigned int irq);
void pic_disable(unsigned int irq);

/* Whether the IRQ that arrived is one that went away before it was asked for
 * by name: the controllers then say 7 or 15. Answers what must be answered:
 * no pic_end() is needed. Asked before pic_end(). */
bool pic_is_spurious(unsigned int irq);

/* The IRQ has been served. */
void pic_end(unsigned int irq);

#endif
