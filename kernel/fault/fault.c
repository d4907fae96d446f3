#include "kernel/fault/kinds.h"

#include "boot/x86.h"
#include "kernel/console/console.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/interrupt.h"

#define NOT_CANONICAL 0x800000000000

static void divide_error(void)
{
	__asm__ volatile("xorl %%ecx, %%ecx; divl %%ecx" ::
				 : "eax", "ecx", "edx");
}

/* The trap comes behind the instruction that follows. */
static void single_step(void)
{
	__asm__ volatile("pushfq; orq %0, (%%rsp); popfq; nop"
			 :
			 : "i"(EFLAGS_TF)
			 : "memory");
}

/* DR0 and DR7: SDM 3B, "Debug Registers". */
static void watched_write(void)
{
	static volatile uint32_t watched;

	__asm__ volatile("movq %0, %%dr0; movq %1, %%dr7"
			 :
			 : "r"(&watched), "r"((uint64_t)DR7_WATCH_0)
			 : "memory");
	watched = 1;
}

static void no_watch(void)
{
	__asm__ volatile("movq %0, %%dr7; movq %0, %%dr0"
			 :
			 : "r"(0ULL)
			 : "memory");
}

static void breakpoint(void)
{
	__asm__ volatile("int3");
}

static void invalid_opcode(void)
{
	__asm__ volatile("ud2");
}

static void no_fpu(void)
{
	cpu_write_cr0(cpu_cr0() | CR0_TS);
	__asm__ volatile("fnop");
}

static void fpu_again(void)
{
	cpu_write_cr0(cpu_cr0() & ~(uint64_t)CR0_TS);
}

static void shorten_tss(uint16_t bytes)
{
	gdt_load_tss(cpu_number(), &cpu_this()->tss, bytes);
}

/* The CPU reads the NMI's stack from behind the TSS's end: SDM 3A, "Stack
 * Switching in IA-32e Mode". */
static void short_tss(void)
{
	shorten_tss(offsetof(struct tss, ist));
	__asm__ volatile("int %0" : : "i"(VECTOR_NMI));
}

static void long_tss(void)
{
	shorten_tss(sizeof(struct tss));
}

static void absent_segment(void)
{
	__asm__ volatile("movl %0, %%fs" : : "r"(SEL_ABSENT));
}

static void absent_stack_segment(void)
{
	__asm__ volatile("movl %0, %%ss" : : "r"(SEL_ABSENT));
}

static void no_such_segment(void)
{
	__asm__ volatile("movl %0, %%ds" : : "r"(0xFFF8));
}

static void not_canonical(void)
{
	*(volatile uint8_t *)NOT_CANONICAL = 1;
}

/* SDM 1, "x87 FPU Control Word": all but the division's mask stays set. */
static void x87_division(void)
{
	const uint16_t control = 0x37F & ~FLOAT_ZERO_DIVIDE;

	__asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait"
			 :
			 : "m"(control));
}

static void x87_again(void)
{
	__asm__ volatile("fninit");
}

static void sse_division(void)
{
	const uint32_t control = MXCSR_RESET & ~((uint32_t)FLOAT_ZERO_DIVIDE
						 << MXCSR_MASK_SHIFT);
	const uint32_t one = 0x3F800000; /* 1.0 */

	__asm__ volatile("ldmxcsr %0; movss %1, %%xmm0; xorps %%xmm1, %%xmm1;"
			 "divss %%xmm1, %%xmm0"
			 :
			 : "m"(control), "m"(one));
}

static void sse_again(void)
{
	const uint32_t masked = MXCSR_RESET;

	__asm__ volatile("ldmxcsr %0" : : "m"(masked));
}

/* RIP is behind the INT: the NOP keeps it in this function. */
static void nmi(void)
{
	__asm__ volatile("int %0; nop" : : "i"(VECTOR_NMI));
}

/* The one way to be interrupted while a lock is held. */
static void nmi_while_locked(void)
{
	SPINLOCK_HOLD(&console_lock);
	nmi();
}

static void machine_check(void)
{
	__asm__ volatile("int %0" : : "i"(VECTOR_MC));
}

static void unexpected_interrupt(void)
{
	__asm__ volatile("int %0" : : "i"(VECTOR_FREE));
}

static void divide_in_handler(struct trap_frame *frame)
{
	(void)frame;
	divide_error();
}

static void fault_in_handler(void)
{
	interrupt_handle(VECTOR_FREE, divide_in_handler);
	__asm__ volatile("int %0" : : "i"(VECTOR_FREE));
}

static void no_handler(void)
{
	interrupt_handle(VECTOR_FREE, NULL);
}

const struct fault faults[] = {
	{ "de", "#DE: a division by zero", divide_error, NULL },
	{ "db", "#DB: a single step", single_step, NULL },
	{ "db-watch", "#DB: a write that a debug register watches",
	  watched_write, no_watch },
	{ "nmi", "the NMI's vector, by INT 2", nmi, NULL },
	{ "nmi-locked", "the same while the console is locked",
	  nmi_while_locked, NULL },
	{ "bp", "#BP: INT3", breakpoint, NULL },
	{ "of", "#OF: INTO, in 32-bit code", fault_into, NULL },
	{ "br", "#BR: BOUND, in 32-bit code", fault_bound, NULL },
	{ "ud", "#UD: UD2", invalid_opcode, NULL },
	{ "nm", "#NM: an x87 instruction while CR0.TS is set", no_fpu,
	  fpu_again },
	{ "df", "#DF: a page fault without a stack", fault_lost_stack, NULL },
	{ "df-recursion",
	  "#DF: a function that calls itself until the stack ends",
	  fault_recursion, NULL },
	{ "df-turns", "#DF: two functions that call each other until it ends",
	  fault_recursion_by_turns, NULL },
	{ "ts", "#TS: an interrupt whose stack lies behind the TSS's end",
	  short_tss, long_tss },
	{ "np", "#NP: FS loaded with a segment that is not present",
	  absent_segment, NULL },
	{ "ss", "#SS: SS loaded with a segment that is not present",
	  absent_stack_segment, NULL },
	{ "gp", "#GP: DS loaded with a segment that is not in the GDT",
	  no_such_segment, NULL },
	{ "gp-address", "#GP: a write to an address that is not canonical",
	  not_canonical, NULL },
	{ "pf", "#PF: a write to an address that is not mapped", fault_nowhere,
	  NULL },
	{ "pf-null", "#PF: a null pointer", fault_null, NULL },
	{ "pf-null-call", "#PF: a call through a null pointer", fault_null_call,
	  NULL },
	{ "pf-jump", "#PF: a call to an address that is not mapped", fault_jump,
	  NULL },
	{ "pf-text", "#PF: a write to the kernel's code", fault_write_text,
	  NULL },
	{ "pf-constant", "#PF: a write to a constant", fault_write_constant,
	  NULL },
	{ "pf-data", "#PF: data that is executed", fault_execute_data, NULL },
	{ "pf-stack", "#PF: the stack executed", fault_execute_stack, NULL },
	{ "pf-guard", "#PF: a write to the guard page below a stack",
	  fault_guard_page, NULL },
	{ "pf-reserved", "#PF: a reserved bit in a page table",
	  fault_reserved_bit, fault_reserved_bit_close },
	{ "pf-window", "#PF: the screen's memory, whose page was taken away",
	  fault_no_window, fault_no_window_close },
	{ "mf", "#MF: an x87 division by zero", x87_division, x87_again },
	{ "ac", "#AC: a misaligned access in ring 3", fault_unaligned,
	  fault_unaligned_close },
	{ "mc", "#MC's vector, by INT 18", machine_check, NULL },
	{ "xm", "#XM: an SSE division by zero", sse_division, sse_again },
	{ "interrupt", "an interrupt that nobody handles", unexpected_interrupt,
	  NULL },
	{ "handler", "#DE inside an interrupt's handler", fault_in_handler,
	  no_handler },
};
const size_t fault_count = sizeof(faults) / sizeof(faults[0]);
