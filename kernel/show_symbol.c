/*
 * show_symbol.c - the monitor's command symbol.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "kernel/symbols.h"

static const char *function_name(size_t n)
{
	const char *name;
	uint64_t address;

	return symbols_nth(n, &name, &address) ? name : NULL;
}

COMMAND(symbol, .arguments = "ADDR", .least = 1, .most = 1,
	.candidate = function_name,
	.help = "show the function, file and line at an address",
	.more = "ADDR may name a function, as in kernel_main+0x10.\n")
{
	struct symbol found;
	uint64_t address;

	if (!command_number(words[1], &address))
		return;
	if (!symbols_find(address, &found))
		kprintf("%#lx is not in a function of the kernel\n", address);
	else if (found.line)
		kprintf("%#lx is %s()+%#lx at %s:%u\n", address, found.function,
			found.offset, found.file, found.line);
	else
		kprintf("%#lx is %s()+%#lx\n", address, found.function,
			found.offset);
}
