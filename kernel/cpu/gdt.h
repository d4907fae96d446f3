/*
 * gdt.h - the kernel's own segments, and a task state segment for each
 * processor.
 *
 * All processors use one GDT; what the task register holds is which TSS, and so
 * which processor it is. The selectors are read by NASM too.
 */
#ifndef KERNEL_CPU_GDT_H
#define KERNEL_CPU_GDT_H

#define SEL_CODE	0x08	/* 64-bit code */
#define SEL_DATA	0x10
#define SEL_CODE32	0x18	/* compatibility mode, ring 0 (fault/kinds.h) */
#define SEL_ABSENT	0x20	/* not present (fault/kinds.h) */
#define SEL_USER_DATA	0x2B	/* ring 3, with its number in bits 0 and 1 */
#define SEL_USER_CODE	0x33
#define SEL_TSS		0x38	/* of processor 0; the others' follow */
#define TSS_ENTRY_SIZE	16	/* two entries long */
#define CPUS_MAX	64
#define GDT_ENTRIES	135

#define TSS_RSP0	4	/* offset of the stack for ring 0 */

/* Slots of the TSS, as gates name them (SDM 3A, "Interrupt Stack Table"). */
#define IST_NONE	0
#define IST_DF		1
#define IST_NMI		2
#define IST_MC		3
#define IST_COUNT	7

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

/* SDM 3A, "Task Management in 64-bit Mode" */
struct __attribute__((packed, aligned(4))) tss {
	uint32_t reserved0;
	uint64_t rsp[3]; /* for rings 0 to 2 */
	uint64_t reserved1;
	uint64_t ist[IST_COUNT]; /* IST_DF is the first */
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map; /* offset of the port bitmap, from its end on: none */
};

_Static_assert(sizeof(struct tss) == 104, "size of a 64-bit TSS");
_Static_assert(GDT_ENTRIES * 8 == SEL_TSS + TSS_ENTRY_SIZE * CPUS_MAX,
	       "a TSS for each processor");
_Static_assert(offsetof(struct tss, rsp) == TSS_RSP0, "place of RSP0");

/* What LGDT, LIDT, SGDT and SIDT read and write. */
struct __attribute__((packed)) table_register {
	uint16_t limit; /* bytes - 1 */
	uint64_t base;
};

extern uint64_t gdt[GDT_ENTRIES];

/* Fill in the segments, once; again, for the panic page. The TSSs' descriptors
 * are not touched. */
void gdt_start(void);

/**
 * gdt_start_cpu - leave the loader's GDT for the kernel's; again, for the panic
 * page
 * @number:	of this processor
 * @tss:	its own, which is filled in
 * @own:	its stacks, STACKS of them
 *
 * All segment registers are loaded anew. Interrupts off.
 */
struct stack;
void gdt_start_cpu(uint32_t number, struct tss *tss, const struct stack *own);

/* Load the task register with the TSS of processor `number`: cpu_number() reads
 * it from there. A TSS of fewer `bytes` is for faults on purpose. */
void gdt_load_tss(uint32_t number, const struct tss *tss, uint16_t bytes);
#endif

#endif
