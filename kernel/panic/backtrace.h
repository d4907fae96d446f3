/*
 * backtrace.h - who called whom, along the frame pointers (System V AMD64,
 * "The Stack Frame") and through the trap frames of exceptions and interrupts.
 *
 *	struct backtrace trace;
 *	struct backtrace_step step;
 *
 *	backtrace_start(&trace, frame);
 *	while (backtrace_next(&trace, &step))
 *		...
 *
 * What lies on the stack may be overwritten: what it points to is read only if
 * it is there, and each frame must lie above the one before, so a trace ends
 * whatever the stack holds.
 *
 * Context: any.
 */
#ifndef KERNEL_PANIC_BACKTRACE_H
#define KERNEL_PANIC_BACKTRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "kernel/cpu/trap.h"

struct backtrace {
	vaddr_t address;  /* of the next step */
	bool called;	  /* what that is, see below */
	uint64_t vector;  /* likewise */
	vaddr_t base;	  /* frame pointer of the step after it */
	vaddr_t bottom;   /* of the stack, where it grows */
	vaddr_t low;	  /* no frame that is left lies below */
	unsigned int traps; /* that may still be passed */
	bool more;
	bool trapped; /* the step was interrupted, anywhere */
};

struct backtrace_step {
	vaddr_t address; /* of code */
	bool called; /* behind a call, not at the instruction that trapped */
	uint64_t vector; /* what interrupted this step; TRAP_NONE: nothing */
};

/* From what the frame of a trap or of panic() has interrupted. */
void backtrace_start(struct backtrace *trace, const struct trap_frame *frame);

/* False: there is no further step. */
bool backtrace_next(struct backtrace *trace, struct backtrace_step *step);

#endif
