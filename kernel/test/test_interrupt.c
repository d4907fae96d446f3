/*
 * test_interrupt.c - the way into a handler and back, and the faults that
 * are survived.
 */
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/cpu/probe.h"
#include "kernel/test/test.h"
#include "x86/cpuid.h"

#define NOWHERE 0x1234568000	     /* above all memory */
#define NOT_CANONICAL 0x800000000000 /* SDM 1, "Canonical Addressing" */
#define MSR_FS_BASE 0xC0000100	     /* not used by the kernel */

static struct trap_frame seen;
static uint64_t handler_stack;

static void note(struct trap_frame *frame)
{
	seen = *frame;
	handler_stack = (uint64_t)frame;
}

/* INT n, and what the handler saw. */
#define INTERRUPT(vector)                                  \
	do {                                               \
		interrupt_handle(vector, note);            \
		__asm__ volatile("int %0" : : "i"(vector)); \
		interrupt_handle(vector, NULL);            \
	} while (0)

TEST(interrupt_tables_are_ours)
{
	struct table_register table;
	const struct cpu *cpu;
	uint32_t number;
	uint16_t task;

	/* Meanwhile it stays on one processor. */
	cpu_interrupts_off();
	__asm__ volatile("str %0" : "=r"(task));
	number = cpu_number();
	cpu = cpu_this();
	cpu_interrupts_on();
	EXPECT(task == SEL_TSS + TSS_ENTRY_SIZE * number);
	EXPECT(cpu == &cpus[number]);
	__asm__ volatile("sgdt %0" : "=m"(table));
	EXPECT(table.base == (uint64_t)gdt && table.limit == sizeof(gdt) - 1);
	__asm__ volatile("sidt %0" : "=m"(table));
	EXPECT(table.base == (uint64_t)idt && table.limit == sizeof(idt) - 1);
	EXPECT(cpu_this()->nesting == 0);
	EXPECT(cpu_cs() == SEL_CODE && cpu_ss() == SEL_DATA);
}

TEST(interrupt_vectors_arrive)
{
	INTERRUPT(3);
	EXPECT(seen.vector == 3);
	INTERRUPT(VECTOR_FREE);
	EXPECT(seen.vector == VECTOR_FREE);
	INTERRUPT(127);
	EXPECT(seen.vector == 127);
	INTERRUPT(128);
	EXPECT(seen.vector == 128);
	INTERRUPT(254);
	EXPECT(seen.vector == 254 && seen.error == 0);
	EXPECT(seen.cs == SEL_CODE && seen.ss == SEL_DATA);
}

TEST(interrupt_is_counted)
{
	uint64_t before = interrupt_count(200), other = interrupt_count(201);

	INTERRUPT(200);
	INTERRUPT(200);
	EXPECT(interrupt_count(200) == before + 2);
	EXPECT(interrupt_count(201) == other);
}

/* clang-format off */
#define FOR_EACH_REGISTER(instruction)                               \
	".set number, 1\n"                                           \
	".irp name, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10," \
	"           r11, r12, r13, r14, r15\n"                       \
	instruction "\n"                                             \
	".set number, number + 1\n"                                  \
	".endr\n"

/* Every register but RSP gets its number from 1 on, and must have it still
 * after the interrupt. Returns 0 if so. */
static uint64_t registers_kept(void)
{
	uint64_t result;

	__asm__ volatile("pushq %%rbp\n"
			 FOR_EACH_REGISTER("movq $number, %%\\name")
			 "int $99\n"
			 FOR_EACH_REGISTER("cmpq $number, %%\\name\n"
					   "jne 1f")
			 "xorl %%eax, %%eax\n"
			 "jmp 2f\n"
			 "1: movl $1, %%eax\n"
			 "2: popq %%rbp"
			 : "=a"(result)
			 :
			 : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
			   "r11", "r12", "r13", "r14", "r15", "memory");
	return result;
}
/* clang-format on */

TEST(interrupt_keeps_registers)
{
	uint64_t result;

	interrupt_handle(99, note);
	result = registers_kept();
	interrupt_handle(99, NULL);
	EXPECT(result == 0);
	EXPECT(seen.rax == 1 && seen.rbx == 2 && seen.rcx == 3 &&
	       seen.rdx == 4 && seen.rsi == 5 && seen.rdi == 6);
	EXPECT(seen.rbp == 7 && seen.r8 == 8 && seen.r9 == 9 &&
	       seen.r10 == 10 && seen.r11 == 11);
	EXPECT(seen.r12 == 12 && seen.r13 == 13 && seen.r14 == 14 &&
	       seen.r15 == 15);
}

static void change_rax(struct trap_frame *frame)
{
	frame->rax = 0x5555;
}

TEST(interrupt_handler_may_change_registers)
{
	uint64_t a = 1;

	interrupt_handle(98, change_rax);
	__asm__ volatile("int $98" : "+a"(a) : : "memory");
	interrupt_handle(98, NULL);
	EXPECT(a == 0x5555);
}

static uint64_t handler_flags;

static void note_flags(struct trap_frame *frame)
{
	seen = *frame;
	handler_flags = cpu_flags();
}

/* C expects the direction flag clear, whatever was interrupted. */
TEST(interrupt_handler_starts_with_clean_flags)
{
	interrupt_handle(97, note_flags);
	__asm__ volatile("std; int $97; cld" : : : "memory", "cc");
	interrupt_handle(97, NULL);
	EXPECT(seen.rflags & EFLAGS_DF && seen.rflags & EFLAGS_IF);
	EXPECT(!(handler_flags & (EFLAGS_DF | EFLAGS_IF)));
}

/* A handler cannot reach ring 3's pages, though what it interrupts may. */
TEST(interrupt_handler_is_kept_from_ring_3)
{
	if (!cpu_has_smap())
		return;
	interrupt_handle(97, note_flags);
	cpu_user_access_begin();
	__asm__ volatile("int $97" : : : "memory");
	cpu_user_access_end();
	interrupt_handle(97, NULL);
	EXPECT(seen.rflags & EFLAGS_AC);
	EXPECT(!(handler_flags & EFLAGS_AC));
}

static bool is_on(const struct stack *stack)
{
	return handler_stack > (uint64_t)stack->bytes &&
	       handler_stack < stack_top(stack);
}

/* Of whichever processor it was. */
static bool is_on_own(int which)
{
	for (uint32_t i = 0; i < CPUS_MAX; i++)
		if (cpus[i].started == CPU_STARTED &&
		    is_on(&cpus[i].stacks[which]))
			return true;
	return false;
}

TEST(interrupt_stacks)
{
	INTERRUPT(100);
	EXPECT(is_on(&stacks[STACK_BOOT]));
	INTERRUPT(VECTOR_NMI);
	EXPECT(is_on_own(STACK_NMI));
	INTERRUPT(VECTOR_MC);
	EXPECT(is_on_own(STACK_MC));
	EXPECT(handler_stack % 16 == 0);
}

TEST(interrupt_machine_checks_are_reported)
{
	EXPECT(!(cpuid_read(1).edx & CPUID_1_EDX_MCE) || cpu_cr4() & CR4_MCE);
}

TEST(probe_reads_what_is_there)
{
	uint64_t there = 0x0123456789ABCDEF, copy = 0;

	EXPECT(probe_read(&copy, (uint64_t)&there, 8) == 8);
	EXPECT(copy == there);
	EXPECT(probe_read(&copy, NOWHERE, 0) == 0);
}

TEST(probe_survives_what_is_not)
{
	uint64_t before = interrupt_count(VECTOR_PF), copy = 0x77;

	EXPECT(probe_read(&copy, NOWHERE, 8) == 0);
	EXPECT(probe_read(&copy, NOT_CANONICAL, 8) == 0);
	EXPECT(probe_write(NOWHERE, &copy, 8) == 0);
	EXPECT(copy == 0x77);
	EXPECT(interrupt_count(VECTOR_PF) >= before + 2);
}

TEST(probe_reads_units)
{
	const uint64_t there = 0x0123456789ABCDEF;
	uint64_t copy[4] = { 0 };

	for (unsigned int i = 0; i < 4; i++)
		EXPECT(probe_read_unit(&copy[i], (uint64_t)&there, 1u << i));
	EXPECT(copy[0] == 0xEF);
	EXPECT(copy[1] == 0xCDEF);
	EXPECT(copy[2] == 0x89ABCDEF);
	EXPECT(copy[3] == there);
	for (unsigned int i = 0; i < 4; i++)
		EXPECT(!probe_read_unit(&copy[i], NOWHERE, 1u << i));
	EXPECT(copy[0] == 0xEF && copy[3] == there);
}

TEST(probe_reads_msrs)
{
	uint64_t value = 0x77;

	EXPECT(probe_read_msr(MSR_EFER, &value));
	EXPECT(value == cpu_read_msr(MSR_EFER));
}

/* Bochs and processors refuse an address that is not canonical. */
TEST(probe_writes_msrs)
{
	uint64_t before = cpu_read_msr(MSR_FS_BASE);
	bool taken;

	EXPECT(probe_write_msr(MSR_FS_BASE, 0x123456789ABC));
	EXPECT(cpu_read_msr(MSR_FS_BASE) == 0x123456789ABC);
	taken = probe_write_msr(MSR_FS_BASE, NOT_CANONICAL);
	EXPECT(taken == (cpu_read_msr(MSR_FS_BASE) == NOT_CANONICAL));
	cpu_write_msr(MSR_FS_BASE, before);
}
