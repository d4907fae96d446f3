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

#define HEADING VGA_ATTRIBUTE(VGA_LIGHT_CYAN, VGA_BLACK)

/* No command has the name of a group. */
static const char *const group_names[COMMAND_GROUPS] = {
	[GROUP_OTHER] = "other",	 [GROUP_BASICS] = "basics",
	[GROUP_MEMORY] = "memory",	 [GROUP_PROCESSOR] = "processor",
	[GROUP_DEVICES] = "devices",	 [GROUP_TASKS] = "tasks",
	[GROUP_FAULTS] = "faults",	 [GROUP_POWER] = "power",
};

/* The n-th command of a group, from 0; NULL: there are no more. */
static const struct command *command_of_group(unsigned int group, size_t n)
{
	const struct command *command;

	for (size_t i = 0; (command = command_get(i)); i++)
		if (command->group == group && n-- == 0)
			return command;
	return NULL;
}

static void print_command(const struct command *command)
{
	char usage[COMMAND_USAGE_MAX];

	command_usage(command, usage);
	kprintf("%-18s %s\n", usage, command->help);
}

/* A line for each command. */
static void print_group(unsigned int group)
{
	const struct command *command;

	for (size_t n = 0; (command = command_of_group(group, n)); n++)
		print_command(command);
}

static void print_all(void)
{
	for (unsigned int group = 0; group < COMMAND_GROUPS; group++) {
		if (!command_of_group(group, 0))
			continue;
		kprintf_colored(HEADING, "%s\n", group_names[group]);
		print_group(group);
	}
}

/* Names only: all fit on the screen. */
static void print_groups(void)
{
	const struct command *command;

	for (unsigned int group = 0; group < COMMAND_GROUPS; group++) {
		if (!command_of_group(group, 0))
			continue;
		kprintf_colored(HEADING, "%-11s", group_names[group]);
		for (size_t n = 0; (command = command_of_group(group, n)); n++)
			kprintf(" %s", command->name);
		kprintf("\n");
	}
	kprintf("help GROUP and help all have a line for each, help COMMAND says "
		"more about it.\nTry: map, boot, pagewalk kernel_main, fault\n");
}

/* Commands, groups, "all": what help can be asked for. */
static const char *help_word(size_t n)
{
	const struct command *command = command_get(n);
	size_t commands = (size_t)(commands_end - commands_start);

	if (command)
		return command->name;
	n -= commands;
	if (n < COMMAND_GROUPS - GROUP_BASICS)
		return group_names[GROUP_BASICS + n];
	return n == COMMAND_GROUPS - GROUP_BASICS ? "all" : NULL;
}

/* False: there is no such group. */
static bool help_for_group(const char *name)
{
	for (unsigned int group = 0; group < COMMAND_GROUPS; group++) {
		if (strcmp(name, group_names[group]) == 0 &&
		    command_of_group(group, 0)) {
			print_group(group);
			return true;
		}
	}
	return false;
}

COMMAND(help, .group = GROUP_BASICS, .arguments = "[WORD]", .most = 1,
	.candidate = help_word,
	.help = "list the commands, or say more about one, a group, or all",
	.more = "Tab completes what is typed, the arrows up and down bring back "
		"older lines.\n"
		"Ctrl-C stops a command, or abandons a line. Ctrl-A, E, U, K, W, "
		"L as in bash.\n"
		"Page up and down show what has scrolled off the screen; "
		"Ctrl-Alt-Delete\nrestarts.\n")
{
	const struct command *command;

	if (count == 1) {
		print_groups();
	} else if (strcmp(words[1], "all") == 0) {
		print_all();
	} else if ((command = command_find(words[1]))) {
		print_command(command);
		kprintf("%s", command->more ? command->more : "");
	} else if (!help_for_group(words[1])) {
		kprintf("%s: no such command; help lists them all\n", words[1]);
	}
}

/* ---- symbol -------------------------------------------------------------- */

static const char *function_name(size_t n)
{
	const char *name;
	uint64_t address;

	return symbols_nth(n, &name, &address) ? name : NULL;
}

COMMAND(symbol, .group = GROUP_PROCESSOR, .arguments = "ADDR", .least = 1,
	.most = 1, .candidate = function_name,
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
