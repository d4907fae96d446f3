#include "kernel/cpu/cpus.h"

#include "kernel/cpu/cpu.h"
#include "kernel/panic/tell.h"
#include "x86/cpuid.h"

struct cpu cpus[CPUS_MAX];

struct stack stacks[STACKS];

static const char *const stack_names[STACKS] = {
	[STACK_BOOT] = "the boot stack",
	[STACK_DF] = "the double fault stack",
	[STACK_NMI] = "the NMI stack",
	[STACK_MC] = "the machine check stack",
};

/* The boot processor's are where the linker put them, whatever its struct cpu
 * says. */
static const struct stack *stacks_of(size_t number)
{
	if (number == 0)
		return stacks;
	return number < CPUS_MAX && cpus[number].started == CPU_STARTED ?
		       cpus[number].stacks :
		       NULL;
}

PANIC_RANGES(stacks)
{
	const struct stack *own = stacks_of(n / STACKS);

	if (!own)
		return false;
	own += n % STACKS;
	*range = (struct named_range){
		.start = (uint64_t)own->bytes,
		.end = stack_top(own),
		.name = stack_names[n % STACKS],
		.is_stack = true,
		.guard = STACK_GUARD,
	};
	return true;
}

/* ---- Away from ring 3 ---------------------------------------------------- */

uint64_t cpu_protections;

void cpu_protect_start_cpu(void)
{
	uint64_t bits = 0;
	struct cpuid has;

	if (cpuid_read(0).eax < CPUID_7)
		return;
	has = cpuid_read(CPUID_7);
	if (has.ebx & CPUID_7_EBX_SMEP)
		bits |= CR4_SMEP;
	if (has.ebx & CPUID_7_EBX_SMAP)
		bits |= CR4_SMAP;
	if (has.ecx & CPUID_7_ECX_UMIP)
		bits |= CR4_UMIP;
	cpu_write_cr4(cpu_cr4() | bits);
	cpu_protections = bits;
}
