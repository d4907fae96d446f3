/*
 * commands.c - the monitor's commands panic and fault.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "kernel/panic/panic.h"

COMMAND(panic, .help = "end in a panic, to see its page")
{
	panic("the monitor was asked for a panic");
}

COMMAND(fault, .arguments = "[KIND]", .most = 1, .candidate = panic_kind,
	.help = "cause a fault on purpose; without KIND: list them")
{
	if (count == 1)
		command_list(panic_kind);
	else if (panic_cause_kind(words[1]))
		kprintf("%s: this processor does not do it\n", words[1]);
	else
		kprintf("%s: no such kind; fault lists them all\n", words[1]);
}
