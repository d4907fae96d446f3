/*
 * start.c - what every processor does first.
 */
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/cpu/machine_check.h"

/* An exception between the first two resets the machine: the new segments do
 * not fit the old IDT. */
void cpu_start(uint32_t number, struct stack *own)
{
	struct cpu *cpu = &cpus[number];

	cpu->number = number;
	cpu->stacks = own;
	gdt_start_cpu(number, &cpu->tss, own);
	interrupt_start_cpu();
	machine_check_start_cpu();
	cpu_protect_start_cpu();
	cpu->started = CPU_STARTED;
}
