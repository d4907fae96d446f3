/*
 * fault.c - a kernel whose first instruction is the mistake that FAULT names.
 *
 * The loader's reporter has the last word (error 43, error 42).
 */
#define UD "ud2"
#define DE "xor %ecx, %ecx; div %ecx"
#define BP "int3"
#define GP "mov $0xFFF8, %eax; mov %eax, %ds"
/* 4 GiB is the first address that is not mapped. */
#define PF "mov $0x100000000, %rax; movb $1, (%rax)"
/* A stack that is not there: the report needs one of its own. */
#define STACK "mov $0x200000000, %rax; mov %rax, %rsp; push %rax"
/* One more byte than the stack has, as in an array of 64 KiB. */
#define DEEP "lea 7(%rsp), %rax; sub $0x10000, %rax; movb $1, (%rax)"
/* An IDT that ends before vector 14, then a page fault: nobody to tell. */
#define DF                                                             \
	"sub $16, %rsp; sidt (%rsp); movw $0xDF, (%rsp); lidt (%rsp);" \
	"mov $0x100000000, %rax; movb $1, (%rax)"
/* A jump to where nothing is, as through a bad pointer. */
#define JUMP "mov $0x123456789, %rax; jmp *%rax"
#define MF "fninit; pushq $0; fldcw (%rsp); fldz; fldz; fdivp; fwait"
/* A vector that the CPU has no name for. */
#define NAMELESS "int $22"
/* With the screen's start moved, as by a console that scrolls. */
#define SCROLLED "mov $0x3D4, %dx; mov $0x050C, %ax; out %ax, %dx; ud2"
/* No IDT at all: a triple fault, for the tests of the tests. */
#define RESET "sub $16, %rsp; sidt (%rsp); movw $0, (%rsp); lidt (%rsp); ud2"
/* The loader's page tables, with pages of 4 KiB for the first 2 MiB; those of
 * GONE are then taken away. */
#define WITHOUT(gone)                                                     \
	"mov %cr3, %rax; mov (%rax), %rax; and $~0xFFF, %rax;"            \
	"mov (%rax), %rax; and $~0xFFF, %rax; mov $0x300000, %edi;"       \
	"mov $3, %edx; mov $512, %ecx;"                                   \
	"1: mov %rdx, (%rdi); add $8, %rdi; add $0x1000, %rdx; loop 1b;" gone \
	"movq $0x300003, (%rax); mov %cr3, %rax; mov %rax, %cr3; ud2"
#define THE_SCREEN "movq $0, 0x3005C0;"
/* From the faults' stack, a page behind ours, up to LOADER_DATA_END: all
 * variables of 64-bit C. */
#define THE_VARIABLES                                            \
	"lea 8+0x1000(%rsp), %rdi; shr $12, %edi;"               \
	"mov $0x38, %ecx; sub %edi, %ecx; mov %rax, %rdx;"       \
	"lea 0x300000(,%rdi,8), %rdi; xor %eax, %eax; rep stosq;" \
	"mov %rdx, %rax;"
/* The report of the fault faults itself, at its end; at once; and then not
 * even the letter can be shown on the screen. */
#define NOSCREEN WITHOUT(THE_SCREEN)
#define NOREPORT WITHOUT(THE_VARIABLES)
#define NOTHING WITHOUT(THE_VARIABLES THE_SCREEN)
#define RETURN "ret"
/* With no mistake at all, for an NMI from outside. */
#define WAIT "mov $0x5741, %ax; mov $0xE9, %dx; out %ax, %dx; hlt"

__asm__(".section .text.start, \"ax\"\n"
	".global _start\n"
	"_start:\n" FAULT "\n"
	"stop: cli; hlt; jmp stop\n");
