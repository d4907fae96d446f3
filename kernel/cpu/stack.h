/*
 * stack.h - the stacks of a processor: the one it starts on, and one for each
 * exception that must not rely on the stack in use. The boot processor's are
 * part of the kernel.
 *
 * Below each lies a guard page: once the page tables are the kernel's own,
 * a stack that is too small ends in a fault that names it. Read by NASM too.
 */
#ifndef KERNEL_CPU_STACK_H
#define KERNEL_CPU_STACK_H

#define STACK_GUARD	0x1000	/* bytes, one page */
#define STACK_BYTES	0x4000	/* to be used */
#define STACK_SIZE	(STACK_GUARD + STACK_BYTES)

#ifndef __ASSEMBLER__
#include <stdint.h>

#include "boot/layout.h"

struct stack {
	_Alignas(PAGE_SIZE) uint8_t guard[STACK_GUARD];
	uint8_t bytes[STACK_BYTES];
};

_Static_assert(sizeof(struct stack) == STACK_SIZE, "entry.asm counts on it");
_Static_assert(STACK_GUARD == PAGE_SIZE, "a guard is what can be unmapped");

enum { STACK_BOOT, STACK_DF, STACK_NMI, STACK_MC, STACKS };

/* The boot processor's; each other one has as many. */
extern struct stack stacks[STACKS];

/* The address that RSP starts with. */
static inline uint64_t stack_top(const struct stack *stack)
{
	return (uint64_t)(stack + 1);
}
#endif

#endif
