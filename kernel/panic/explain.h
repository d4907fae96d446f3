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

#include "kernel/panic/explain_text.h"

/* Room for any explanation. */
#define EXPLAIN_MAX 384

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
