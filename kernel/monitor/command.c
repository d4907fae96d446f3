/*
 * command.c - the table of commands, what they share, and the commands help and
 * symbol.
 */
#include "kernel/monitor/command.h"

#include "format.h"
#include "kernel/console/kprintf.h"
#include "kernel/device/vga.h"
#include "kernel/symbols.h"
#include "string.h"
#include "words.h"

/* ---- The table ----------------------------------------------------------- */

extern const struct command *const commands_start[], *const commands_end[];

const struct command *command_get(size_t n)
{
	if (n >= (size_t)(commands_end - commands_start))
		return NULL;
	return commands_start[n];
}

static bool command_means(const char *word, const struct command *command)
{
	size_t length = strlen(command->name);

	return strncmp(word, command->name, length) == 0 &&
	       (word[length] == '\0' ||
		(command->counted && word[length] == '/'));
}

const struct command *command_find(const char *word)
{
	const struct command *command;

	for (size_t n = 0; (command = command_get(n)); n++)
		if (command_means(word, command))
			return command;
	return NULL;
}

void command_usage(const struct command *command, char *usage)
{
	const char *arguments = command->arguments ? command->arguments : "";
	const char *between = *arguments && *arguments != '/' ? " " : "";

	ksnprintf(usage, COMMAND_USAGE_MAX, "%s%s%s", command->name, between,
		  arguments);
}

/* ---- Arguments ----------------------------------------------------------- */

bool command_number(const char *word, uint64_t *value)
{
	const char *wrong = number_parse(word, symbols_named, value);

	if (wrong)
		kprintf("%s: %s\n", word, wrong);
	return !wrong;
}

void command_list(const char *(*word)(size_t n))
{
	const char *next;
	size_t column = 0;

	for (size_t n = 0; (next = word(n)); n++) {
		if (column + strlen(next) >= VGA_COLUMNS - 1) {
			kprintf("\n");
			column = 0;
		}
		column += (size_t)kprintf("%s ", next);
	}
	kprintf("\n");
}

/* ---- help ---------------------------------------------------------------- */

static void print_command(const struct command *command)
{
	char usage[COMMAND_USAGE_MAX];

	command_usage(command, usage);
	kprintf("%-18s %s\n", usage, command->help);
}

static const char *command_name(size_t n)
{
	const struct command *command = command_get(n);

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
		for (size_t n = 0; (command = command_get(n)); n++)
			print_command(command);
		return;
	}
	command = command_find(words[1]);
	if (!command) {
		kprintf("%s: no such command; help lists them all\n", words[1]);
		return;
	}
	print_command(command);
	kprintf("%s", command->more ? command->more : "");
}

/* ---- symbol -------------------------------------------------------------- */

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
