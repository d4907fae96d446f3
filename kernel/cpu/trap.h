/*
 * trap.h - what an exception or interrupt finds on the stack.
 *
 * Read by C and, through tools/h2inc, by NASM: the assembly stores by these
 * names, so there is no order that two files would have to agree on.
 */
#ifndef KERNEL_CPU_TRAP_H
#define KERNEL_CPU_TRAP_H

/* The registers, by their offset. The first six are a variadic function's
 * register arguments in the order of the ABI (System V AMD64, "Variable
 * Argument Lists"): panic_at() relies on it. */
#define TRAP_RDI	0
#define TRAP_RSI	8
#define TRAP_RDX	16
#define TRAP_RCX	24
#define TRAP_R8		32
#define TRAP_R9		40
#define TRAP_RAX	48
#define TRAP_RBX	56
#define TRAP_RBP	64
#define TRAP_R10	72
#define TRAP_R11	80
#define TRAP_R12	88
#define TRAP_R13	96
#define TRAP_R14	104
#define TRAP_R15	112

/* From here on pushed by the stub (interrupt_entry.asm) ... */
#define TRAP_VECTOR	120	/* 0..255, or TRAP_NONE */
#define TRAP_ERROR	128	/* 0 if the exception has none */
/* ... and by the CPU (SDM 3A, "64-Bit Mode Stack Frame"). */
#define TRAP_RIP	136
#define TRAP_CS		144
#define TRAP_RFLAGS	152
#define TRAP_RSP	160
#define TRAP_SS		168
#define TRAP_SIZE	176

#define TRAP_NONE	0xFFFFFFFFFFFFFFFF /* not a trap: a call of panic() */

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct trap_frame {
	uint64_t rdi, rsi, rdx, rcx, r8, r9;
	uint64_t rax, rbx, rbp, r10, r11, r12, r13, r14, r15;
	uint64_t vector;
	uint64_t error;
	uint64_t rip, cs, rflags, rsp, ss;
};

#define TRAP_FIELD(name, offset) \
	_Static_assert(offsetof(struct trap_frame, name) == (offset), #name)

TRAP_FIELD(rdi, TRAP_RDI);
TRAP_FIELD(rsi, TRAP_RSI);
TRAP_FIELD(rdx, TRAP_RDX);
TRAP_FIELD(rcx, TRAP_RCX);
TRAP_FIELD(r8, TRAP_R8);
TRAP_FIELD(r9, TRAP_R9);
TRAP_FIELD(rax, TRAP_RAX);
TRAP_FIELD(rbx, TRAP_RBX);
TRAP_FIELD(rbp, TRAP_RBP);
TRAP_FIELD(r10, TRAP_R10);
TRAP_FIELD(r11, TRAP_R11);
TRAP_FIELD(r12, TRAP_R12);
TRAP_FIELD(r13, TRAP_R13);
TRAP_FIELD(r14, TRAP_R14);
TRAP_FIELD(r15, TRAP_R15);
TRAP_FIELD(vector, TRAP_VECTOR);
TRAP_FIELD(error, TRAP_ERROR);
TRAP_FIELD(rip, TRAP_RIP);
TRAP_FIELD(cs, TRAP_CS);
TRAP_FIELD(rflags, TRAP_RFLAGS);
TRAP_FIELD(rsp, TRAP_RSP);
TRAP_FIELD(ss, TRAP_SS);
_Static_assert(sizeof(struct trap_frame) == TRAP_SIZE, "nothing else");
#undef TRAP_FIELD
#endif

#endif
