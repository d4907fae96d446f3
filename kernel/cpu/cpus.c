#include "kernel/cpu/cpus.h"

#include "kernel/cpu/interrupt.h"
#include "kernel/cpu/machine_check.h"

struct cpu cpus[CPUS_MAX];

struct stack stacks[STACKS];

const char *const stack_names[STACKS] = {
	[STACK_BOOT] = "the boot stack",
	[STACK_DF] = "the double fault stack",
	[STACK_NMI] = "the NMI stack",
	[STACK_MC] = "the machine check stack",
};

/* An exception between the first two resets the machine: the new segments do
 * not fit the old IDT. */
void cpu_start(uint32_t number, struct stack *own)
{
	cpus[number].number = number;
	cpus[number].stacks = own;
	gdt_start_cpu(number);
	interrupt_start_cpu();
	machine_check_start_cpu();
}
