#include "kernel/cpu/interrupt.h"

#include <stddef.h>

#include "calls.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/gdt.h"
#include "kernel/panic/panic.h"
#include "kernel/sanitize/locks.h"
#include "x86/port.h"

/* interrupt_entry.asm: VECTORS entries of the same size */
extern const char interrupt_entries[], interrupt_entries_end[];
extern const char interrupt_call[];

_Alignas(16) struct idt_gate idt[VECTORS];

static void (*handlers[VECTORS])(struct trap_frame *frame);

/* ---- Faults that are expected -------------------------------------------- */

/* As probe_entry.asm writes it, collected by the linker. */
struct probe {
	uint64_t at;
	uint64_t go_on_at;
};

extern const struct probe probes_start[], probes_end[];

/* NULL: the fault was not expected. */
static const struct probe *find_probe(const struct trap_frame *frame)
{
	if (frame->vector == VECTOR_PF || frame->vector == VECTOR_GP)
		for (const struct probe *probe = probes_start;
		     probe < probes_end; probe++)
			if (probe->at == frame->rip)
				return probe;
	return NULL;
}

/* ---- All interrupts and exceptions ----------------------------------- */

static const struct interrupt_programs *programs;
void (*interrupt_call_handler)(struct trap_frame *frame);

static bool is_ring_3(const struct trap_frame *frame)
{
	return frame->cs & 3;
}

/* A probe's frame goes on where the table says. */
static void unhandled_trap(struct trap_frame *frame)
{
	const struct probe *probe = is_ring_3(frame) ? NULL : find_probe(frame);

	if (programs && (probe || is_ring_3(frame)) && programs->trap(frame))
		return;
	if (probe)
		frame->rip = probe->go_on_at;
	else
		panic_trap(frame);
}

void interrupt_handle(unsigned int vector,
		      void (*handler)(struct trap_frame *frame))
{
	ASSERT(vector < VECTORS);
	handlers[vector] = handler ? handler : unhandled_trap;
}

uint64_t interrupt_count(unsigned int vector)
{
	uint64_t count = 0;

	if (vector < VECTORS)
		for (unsigned int i = 0; i < CPUS_MAX; i++)
			count += cpus[i].interrupts[vector];
	return count;
}

/* Every interrupt comes here, so this is short. A handler may return on another
 * processor, when other threads have run. What was interrupted may have let the
 * kernel reach ring 3's pages, or be ring 3, which sets AC as it likes: IRET
 * restores that. */
void interrupt_enter(struct trap_frame *frame)
{
	struct cpu *cpu = cpu_this();
	uint32_t locks = locks_handler_begins(frame);

	if (cpu_has_smap())
		cpu_user_access_end();
	cpu->interrupts[frame->vector]++;
	cpu->nesting++;
	handlers[frame->vector](frame);
	locks_handler_ends(frame, locks);
	cpu_this()->nesting--;
	if (is_ring_3(frame) && programs)
		programs->leave(frame);
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

static struct idt_gate make_gate(const char *entry, uint16_t ist)
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

static void fill_idt(void)
{
	size_t size =
		(size_t)(interrupt_entries_end - interrupt_entries) / VECTORS;

	for (unsigned int i = 0; i < VECTORS; i++)
		idt[i] = make_gate(interrupt_entries + i * size, ist_of(i));
}

void interrupt_let_programs(const struct interrupt_programs *them)
{
	programs = them;
	interrupt_call_handler = them->call;
	idt[CALL_VECTOR] = make_gate(interrupt_call, IST_NONE);
	idt[CALL_VECTOR].type |= GATE_RING3;
}

void interrupt_start(void)
{
	for (unsigned int i = 0; i < VECTORS; i++)
		handlers[i] = unhandled_trap;
	fill_idt();
}

void interrupt_start_cpu(void)
{
	const struct table_register idtr = { sizeof(idt) - 1, (uint64_t)idt };

	__asm__ volatile("lidt %0" : : "m"(idtr));
}

/* Reading the data port ends what writing the index began. */
void interrupt_let_nmis_through(void)
{
	port_write(CMOS_INDEX, 0);
	port_read(CMOS_DATA);
}

/* ---- For the panic page -------------------------------------------------- */

static void ignore_nmi(struct trap_frame *frame)
{
	(void)frame;
}

/* The boot processor's stacks are where the linker put them. */
static struct cpu *restore_cpu(void)
{
	struct cpu *cpu = cpu_this();

	cpu->number = cpu_number();
	if (cpu->number == 0)
		cpu->stacks = stacks;
	return cpu;
}

void interrupt_start_again(void)
{
	uint64_t here = (uint64_t)__builtin_frame_address(0);
	struct cpu *cpu = restore_cpu();

	programs = NULL;
	cpu_protections = cpu_cr4() & CPU_PROTECTIONS;
	handlers[VECTOR_NMI] = ignore_nmi;
	gdt_start();
	gdt_start_cpu(cpu->number, &cpu->tss, cpu->stacks);
	if (here >= (uint64_t)cpu->stacks[STACK_NMI].bytes &&
	    here < stack_top(&cpu->stacks[STACK_NMI]))
		cpu->tss.ist[IST_NMI - 1] = stack_top(&cpu->stacks[STACK_MC]);
	for (unsigned int i = 0; i < VECTORS; i++)
		handlers[i] = i == VECTOR_NMI ? ignore_nmi : unhandled_trap;
	fill_idt();
	interrupt_start_cpu();
}
