/*
 * facts.h - an exception in words: what the CPU said, and what it means
 * here.
 *
 *	#PF page fault: write to a not-present page at 0x000000000010aff8, 8
 *	bytes below the boot stack, in its guard page: stack overflow
 *
 * explain_facts() looks at the machine, explain() finds the words and touches
 * nothing. Any context; no locks.
 */
#ifndef KERNEL_PANIC_FACTS_H
#define KERNEL_PANIC_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format.h"
#include "kernel/cpu/machine_check.h"
#include "kernel/cpu/trap.h"
#include "kernel/panic/tell.h"

#define CODE_MAX 4 /* bytes of the instruction that are looked at */

struct trap_facts {
	const struct trap_frame *frame;
	uint64_t cr0, cr2;
	const struct named_range *ranges;
	size_t range_count;
	uint32_t memory_type; /* MEM_* of CR2 in the clean map, 0: not listed */
	char known
		[PANIC_ADDRESS_MAX]; /* of CR2, by PANIC_ADDRESS; "": nothing */
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

/* Room for any explanation. */
#define EXPLAIN_MAX 384

/**
 * explain - put it into a sentence
 * @text:	receives at most @size bytes, NUL-terminated
 *
 * Begins with the exception's name. Never fails; what is too long is cut.
 */
void explain(const struct trap_facts *facts, char *text, size_t size);

/* Collect what explain() needs. The ranges are in static memory. */
void explain_facts(const struct trap_frame *frame, struct trap_facts *facts);

/* Both. */
void explain_trap(const struct trap_frame *frame, char *text, size_t size);

/* ---- Between the files of explain() -------------------------------------- */

/* #PF, with the address in CR2. */
void explain_page_fault(struct text *text, const struct trap_facts *facts);

/* #DF, which is most often the end of a stack. */
void explain_double_fault(struct text *text, const struct trap_facts *facts);

/* #TS, #NP, #SS, #GP: the cause is a selector, or an address, or neither. */
void explain_selector(struct text *text, const struct trap_facts *facts);

#endif
