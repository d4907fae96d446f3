#include "kernel/cpu/stack.h"

struct stack stacks[STACKS];

const char *const stack_names[STACKS] = {
	[STACK_BOOT] = "boot stack",
	[STACK_DF] = "double fault stack",
	[STACK_NMI] = "NMI stack",
	[STACK_MC] = "machine check stack",
};
