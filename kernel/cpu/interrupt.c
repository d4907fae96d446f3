#include "kernel/cpu/interrupt.h"

#include <stddef.h>

#include "kernel/cpu/cpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/machine_check.h"
#include "kernel/cpu/probe.h"
#include "kernel/cpu/stack.h"
#include "kernel/panic/panic.h"
#include "x86/cpuid.h"
#include "x86/port.h"

/* interrupt_entry.asm: VECTORS entries of the same size */
extern const char interrupt_entries[], interrupt_entries_end[];

_Alignas(16) struct idt_gate idt[VECTORS];

static void (*handlers[VECTORS])(struct trap_frame *frame);
static uint64_t counts[VECTORS];

static void nobody(struct trap_frame *frame)
{
	if (!probe_recover(frame))
		panic_trap(frame);
}

void interrupt_handle(unsigned int vector,
		      void (*handler)(struct trap_frame *frame))
{
	ASSERT(vector < VECTORS);
	handlers[vector] = handler ? handler : nobody;
}

uint64_t interrupt_count(unsigned int vector)
{
	return vector < VECTORS ? counts[vector] : 0;
}

/* The way of every interrupt: short. */
void interrupt_enter(struct trap_frame *frame)
{
	counts[frame->vector]++;
	handlers[frame->vector](frame);
}

static uint16_t ist_of(unsigned int vector)
{
	switch (vector) {
	case VECTOR_DF:
		return IST_DF;
	case VECTOR_NMI:
		return IST_NMI;
	case VECTOR_MC:
		return IST_MC;
	default:
		return IST_NONE;
	}
}

static struct idt_gate gate(const char *entry, uint16_t ist)
{
	uint64_t offset = (uint64_t)entry;

	return (struct idt_gate){
		.offset_low = (uint16_t)offset,
		.selector = SEL_CODE,
		.type = (uint16_t)(DESC_PRESENT | GATE_INTERRUPT | ist),
		.offset_middle = (uint16_t)(offset >> 16),
		.offset_high = (uint32_t)(offset >> 32),
	};
}

/* Reading the data port ends what writing the index began. */
static void let_nmis_through(void)
{
	port_write(CMOS_INDEX, 0);
	port_read(CMOS_DATA);
}

/* Without CR4.MCE a machine check is a reset without a word. */
static void report_machine_checks(void)
{
	struct cpuid id = cpuid_read(1);

	if (id.edx & CPUID_1_EDX_MCA)
		machine_check_start(id.eax);
	if (id.edx & CPUID_1_EDX_MCE)
		cpu_write_cr4(cpu_cr4() | CR4_MCE);
}

static void fill_idt(void)
{
	size_t size =
		(size_t)(interrupt_entries_end - interrupt_entries) / VECTORS;

	for (unsigned int i = 0; i < VECTORS; i++)
		idt[i] = gate(interrupt_entries + i * size, ist_of(i));
}

static void load_idt(void)
{
	const struct table_register idtr = { sizeof(idt) - 1, (uint64_t)idt };

	__asm__ volatile("lidt %0" : : "m"(idtr));
}

void interrupt_prepare(void)
{
	for (unsigned int i = 0; i < VECTORS; i++)
		handlers[i] = nobody;
	fill_idt();
}

void interrupt_start(void)
{
	load_idt();
	let_nmis_through();
	report_machine_checks();
}

static void ignore(struct trap_frame *frame)
{
	(void)frame;
}

void interrupt_start_again(void)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0);

	handlers[VECTOR_NMI] = ignore;
	gdt_start();
	if (here >= (uint64_t)stacks[STACK_NMI].bytes &&
	    here < stack_top(&stacks[STACK_NMI]))
		tss.ist[IST_NMI - 1] = stack_top(&stacks[STACK_MC]);
	for (unsigned int i = 0; i < VECTORS; i++)
		handlers[i] = i == VECTOR_NMI ? ignore : nobody;
	fill_idt();
	load_idt();
}
