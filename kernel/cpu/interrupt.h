/*
 * interrupt.h - how exceptions and interrupts enter the kernel.
 *
 * All 256 vectors enter through stubs that save every general register and
 * call the vector's handler, with interrupts off and DF clear. What is changed
 * in the frame is changed in what was interrupted. #DF, NMI and #MC run on
 * stacks of their own (stack.h), everything else on the stack it finds.
 *
 * A vector without a handler ends in the panic page, exception or not. Before
 * that an exception at an instruction that may fault (probe.h) is continued
 * where its table says.
 */
#ifndef KERNEL_CPU_INTERRUPT_H
#define KERNEL_CPU_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/cpu/trap.h"

struct idt_gate { /* SDM 3A, "64-Bit Mode IDT" */
	uint16_t offset_low;
	uint16_t selector;
	uint16_t type; /* IST in bits 0..2 */
	uint16_t offset_middle;
	uint32_t offset_high;
	uint32_t reserved;
};

extern struct idt_gate idt[VECTORS];

/* A vector that no hardware has, for tests and faults on purpose. */
#define VECTOR_FREE 0x50

/* Fill in the IDT and the handlers, once, while the loader's still report
 * exceptions: those do not fit the GDT that comes next. */
void interrupt_start(void);

/* Use that IDT on this processor. Needs gdt_start_cpu() just before: an
 * exception between the two resets the machine. Interrupts off; they stay
 * off. */
void interrupt_start_cpu(void);

/* End what keeps the chipset from raising NMIs (HW-27), once. */
void interrupt_let_nmis_through(void);

/**
 * interrupt_handle - set the handler of a vector
 * @vector:	0..VECTORS - 1
 * @handler:	called with interrupts off; NULL: none, see above
 *
 * A hardware interrupt's handler sends the end of interrupt itself. A handler
 * of NMI or #MC may be called in the middle of anything: it takes no locks.
 * Context: any.
 */
void interrupt_handle(unsigned int vector,
		      void (*handler)(struct trap_frame *frame));

/* Programs in ring 3, see interrupt_let_programs(). */
struct interrupt_programs {
	/* INT CALL_VECTOR in ring 3. Interrupts are off, but no handler runs:
	 * it may switch them on, wait, and return on another processor. AC is
	 * as ring 3 had it. */
	void (*call)(struct trap_frame *frame);
	/* A trap without a handler has come from ring 3, or from an instruction
	 * of ring 0 that may fault (probe.h). False: it is not theirs. */
	bool (*trap)(struct trap_frame *frame);
	/* Another interrupt or exception is about to return to ring 3. */
	void (*leave)(struct trap_frame *frame);
};

/* For the entry of calls (interrupt_entry.asm). */
extern void (*interrupt_call_handler)(struct trap_frame *frame);

/* Hand to these what programs do; ring 3 may use INT CALL_VECTOR from now on.
 * Once. */
void interrupt_let_programs(const struct interrupt_programs *programs);

/* Go on in what the frame describes, as if an interrupt had come there
 * (interrupt_entry.asm). Interrupts off. */
_Noreturn void interrupt_go_on(struct trap_frame *frame);

/* For the panic page: GDT, IDT, handlers and this processor's TSS as at the
 * start, whatever was written over them. NMIs are ignored from then on, on a
 * stack that is not in use: when what runs is the handler of an NMI, one more
 * would write over its stack. Context: any, interrupts off. */
void interrupt_start_again(void);

/* How often the vector came, on all processors, those survived by probe.h
 * included. */
uint64_t interrupt_count(unsigned int vector);

/* Called by interrupt_entry.asm. */
void interrupt_enter(struct trap_frame *frame);

#endif
