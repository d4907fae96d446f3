/*
 * commands.c - the monitor's commands panic and fault.
 */
#include "kernel/console/kprintf.h"
#include "kernel/console/vga.h"
#include "kernel/monitor/command.h"
#include "kernel/panic/panic.h"
#include "string.h"

COMMAND(panic, .help = "end in a panic, to see its page")
{
	panic("the monitor was asked for a panic");
}

static void list_kinds(void)
{
	const char *kind;
	size_t column = 0;

	for (size_t n = 0; (kind = panic_kind(n)); n++) {
		if (column + strlen(kind) >= VGA_COLUMNS - 1) {
			kprintf("\n");
			column = 0;
		}
		column += (size_t)kprintf("%s ", kind);
	}
	kprintf("\n");
}

COMMAND(fault, .arguments = "[KIND]", .most = 1, .candidate = panic_kind,
	.help = "cause a fault on purpose; without KIND: list them")
{
	if (count == 1)
		list_kinds();
	else if (panic_cause_kind(words[1]))
		kprintf("%s: this processor does not do it\n", words[1]);
	else
		kprintf("%s: no such kind; fault lists them all\n", words[1]);
}
