/*
 * explain.h - an exception in words: what the CPU said, and what it means
 * here.
 *
 *	#PF page fault: write to a not-present page at 0x000000000010aff8, 8
 *	bytes below the boot stack, in its guard page: stack overflow
 *
 * explain_facts() looks at the machine, explain() finds the words and touches
 * nothing. Any context; no locks.
 */
#ifndef KERNEL_PANIC_EXPLAIN_H
#define KERNEL_PANIC_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/cpu/machine_check.h"
#include "kernel/cpu/trap.h"

/* Room for any explanation. */
#define EXPLAIN_MAX 384

/* A part of memory with a name. */
struct named_range {
	uint64_t start, end;
	const char *name; /* "the boot stack" */
	bool is_stack;
	uint64_t guard; /* of a stack: bytes below it that are absent */
};

#define CODE_MAX 4 /* bytes of the instruction that are looked at */

struct trap_facts {
	const struct trap_frame *frame;
	uint64_t cr0, cr2;
	const struct named_range *ranges;
	size_t range_count;
	uint32_t memory_type; /* MEM_* of CR2 in the clean map, 0: not listed */
	bool stack_is_mapped; /* where RSP points, the bytes below it too */
	unsigned int gdt_entries;
	uint8_t code[CODE_MAX]; /* at RIP; zeros where it can't be read */
	/* Each only if the vector is the one concerned: */
	uint64_t dr6;		   /* #DB */
	uint16_t x87_status, x87_control; /* #MF */
	uint32_t mxcsr;		   /* #XM */
	uint8_t nmi_status;	   /* NMI: port 61h */
	struct machine_check machine_check; /* #MC */
};

/**
 * explain - put it into a sentence
 * @text:	receives at most @size bytes, NUL-terminated
 *
 * Begins with the exception's name. Never fails; what is too long is cut.
 */
void explain(const struct trap_facts *facts, char *text, size_t size);

/* Collect what explain() wants to know. The ranges live in static memory. */
void explain_facts(const struct trap_frame *frame, struct trap_facts *facts);

/* Both. */
void explain_trap(const struct trap_frame *frame, char *text, size_t size);

#endif
