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
/* The loader's page tables, but for the screen's page: the report of the
 * second fault, at the screen, must not come again and again. */
#define NOSCREEN                                                          \
	"mov %cr3, %rax; mov (%rax), %rax; and $~0xFFF, %rax;"            \
	"mov (%rax), %rax; and $~0xFFF, %rax; mov $0x300000, %edi;"       \
	"mov $3, %edx; mov $512, %ecx;"                                   \
	"1: mov %rdx, (%rdi); add $8, %rdi; add $0x1000, %rdx; loop 1b;"  \
	"movq $0, 0x3005C0; movq $0x300003, (%rax); mov %cr3, %rax;"      \
	"mov %rax, %cr3; ud2"
#define RETURN "ret"
/* With no mistake at all, for an NMI from outside. */
#define WAIT "mov $0x5741, %ax; mov $0xE9, %dx; out %ax, %dx; hlt"

__asm__(".section .text.start, \"ax\"\n"
	".global _start\n"
	"_start:\n" FAULT "\n"
	"stop: cli; hlt; jmp stop\n");
