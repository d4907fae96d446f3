/*
 * command.h - the monitor's commands: one table, each entry in the file that
 * shows something.
 *
 *	COMMAND(log, .group = GROUP_BASICS, .arguments = "[LINES]", .most = 1,
 *		.help = "show what was printed")
 *	{
 *		...
 *	}
 *
 * `words` are the words of the line, `count` of them, from words[0], the
 * command itself, on. `.least` and `.most` say how many arguments may follow;
 * the monitor checks that. Commands print with kprintf() and return; a long
 * one stops when input_stopped() says so.
 */
#ifndef KERNEL_MONITOR_COMMAND_H
#define KERNEL_MONITOR_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What help lists together, in this order; command.c has their names. */
enum command_group {
	GROUP_OTHER, /* of a command that names none */
	GROUP_BASICS,
	GROUP_MEMORY,
	GROUP_PROCESSOR,
	GROUP_DEVICES,
	GROUP_TASKS, /* threads, and what they wait for */
	GROUP_FAULTS,
	GROUP_POWER,
	COMMAND_GROUPS
};

struct command {
	const char *name;
	enum command_group group;
	const char *arguments; /* behind the name, as help shows them */
	const char *help;      /* one line */
	const char *more;      /* further lines for `help NAME`; may be NULL */
	size_t least, most;    /* arguments */
	bool counted;	       /* may be written NAME/SUFFIX, as in x/8 */
	/* The n-th word, from 0, for completing an argument; may be NULL. */
	const char *(*candidate)(size_t n);
	void (*run)(size_t count, char **words);
};

/* The linker script collects pointers to all commands, by their names. */
#define COMMAND(name_, ...)                                               \
	static void command_##name_(size_t count, char **words);          \
	static const struct command command_entry_##name_ = {             \
		.name = #name_, .run = command_##name_, __VA_ARGS__       \
	};                                                                \
	static const struct command *const command_pointer_##name_        \
		__attribute__((used, section(".commands." #name_))) =     \
			&command_entry_##name_;                           \
	static void command_##name_(size_t count __attribute__((unused)), \
				    char **words __attribute__((unused)))

/* ---- The table, in the order of names. Context: any. --------------------- */

/* The n-th command, from 0; NULL: there are no more. */
const struct command *command_get(size_t n);

/* The command that a line with this first word means; NULL: none. */
const struct command *command_find(const char *word);

/* "x/N ADDR": name and arguments, into COMMAND_USAGE_MAX bytes. */
#define COMMAND_USAGE_MAX 40
void command_usage(const struct command *command, char *usage);

/* ---- For commands -------------------------------------------------------- */

/* TSC when the first prompt was shown. */
extern uint64_t command_prompt_ticks;

/* The value of an argument (number_parse() of words.h), in which functions of
 * the kernel may be named. False: it has none; an error was printed. */
bool command_number(const char *word, uint64_t *value);

/* Print words, from the 0th until NULL, in rows of the screen. */
void command_list(const char *(*word)(size_t n));

/* ---- The prompt (monitor.c) ---------------------------------------------- */

/* Run the prompt: keys come from input.h, lines from
 * line_editor.h. The processor sleeps while nothing is typed. Does not return.
 * Needs console and input. */
_Noreturn void monitor_run(void);

#endif
