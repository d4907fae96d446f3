#include "kernel/cpu/stack.h"

struct stack stacks[STACKS];

const char *const stack_names[STACKS] = {
	[STACK_BOOT] = "the boot stack",
	[STACK_DF] = "the double fault stack",
	[STACK_NMI] = "the NMI stack",
	[STACK_MC] = "the machine check stack",
};
