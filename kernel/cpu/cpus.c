#include "kernel/cpu/cpus.h"

#include "kernel/panic/tell.h"

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
