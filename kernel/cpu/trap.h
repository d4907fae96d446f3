/*
 * trap.h - exceptions on their way into the kernel.
 *
 * All 32 exceptions end in the panic page, until somebody can do better.
 */
#ifndef KERNEL_CPU_TRAP_H
#define KERNEL_CPU_TRAP_H

#include <stdint.h>

/* The registers as trap.inc pushes them, lowest address first. The first six
 * are a variadic function's register arguments in the order of the ABI
 * (System V AMD64, 3.5.7): panic_at() relies on it. */
struct trap_frame {
	uint64_t rdi, rsi, rdx, rcx, r8, r9;
	uint64_t rax, rbx, rbp, r10, r11, r12, r13, r14, r15;
	uint64_t vector; /* 0..31, or TRAP_NONE */
	uint64_t error;	 /* 0 if the exception has none */
	uint64_t rip, cs, rflags, rsp, ss; /* SDM 3A, 6.14.2 */
};

#define TRAP_NONE UINT64_MAX /* not an exception but a call of panic() */

_Static_assert(sizeof(struct trap_frame) == 22 * 8, "as trap.inc pushes it");

/* Point every exception here. Replaces the loader's fault reporter. */
void trap_start(void);

/* Called by trap_entry.asm, with interrupts off. */
void trap_handle(struct trap_frame *frame);

#endif
