#include "kernel/console/kprintf.h"
#include "kernel/monitor/table.h"

static void print_command(const struct command *command)
{
	char usage[TABLE_USAGE_MAX];

	table_usage(command, usage);
	kprintf("%-18s %s\n", usage, command->help);
}

static const char *command_name(size_t n)
{
	const struct command *command = table_get(n);

	return command ? command->name : NULL;
}

COMMAND(help, .arguments = "[COMMAND]", .most = 1, .candidate = command_name,
	.help = "list the commands, or say more about one",
	.more = "Tab completes what is typed, the arrows up and down bring back "
		"older lines.\n"
		"Ctrl-C stops a command, or abandons a line. Ctrl-A, E, U, K, W, "
		"L as in bash.\n"
		"Page up and down show what has scrolled off the screen; "
		"Ctrl-Alt-Delete\nrestarts.\n")
{
	const struct command *command;

	if (count == 1) {
		for (size_t n = 0; (command = table_get(n)); n++)
			print_command(command);
		return;
	}
	command = table_find(words[1]);
	if (!command) {
		kprintf("%s: no such command; help lists them all\n", words[1]);
		return;
	}
	print_command(command);
	kprintf("%s", command->more ? command->more : "");
}
