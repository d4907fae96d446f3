/*
 * show_process.c - the monitor's commands run, ps and kill.
 */
#include "format.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/input/input.h"
#include "kernel/monitor/command.h"
#include "kernel/process/archive.h"
#include "kernel/process/parts.h"
#include "kernel/process/process.h"
#include "string.h"

/* ---- run ----------------------------------------------------------------- */

static void print_error(const char *name, int64_t error)
{
	const char *why =
		error == -CALL_E_NO_ARCHIVE || error == -CALL_E_NO_PROGRAM ?
			archive_why_not() :
		error == -CALL_E_NOT_RUNNABLE ? load_why_not_runnable() :
						NULL;

	kprintf("%s: %s", name, call_error_text(error));
	kprintf(why ? " (%s)\n" : "\n", why);
}

static uint32_t front; /* that the prompt waits for */

static bool front_is_over(void)
{
	return process_is_over(front);
}

/* A key as the character that a program reads; 0: it has none. */
static char character_of(uint16_t key)
{
	switch (key) {
	case KEY_ENTER:
		return '\n';
	case KEY_BACKSPACE:
		return '\b';
	case KEY_TAB:
		return '\t';
	case KEY_CTRL | 'd':
	case KEY_CTRL | 'D':
		return 4; /* ASCII: end of transmission */
	default:
		return key >= ' ' && key <= '~' ? (char)key : '\0';
	}
}

static void take_key(uint16_t key)
{
	char character;

	key &= (uint16_t)~KEY_LOST;
	character = character_of(key);
	if (key == (KEY_CTRL | 'c') || key == (KEY_CTRL | 'C'))
		process_kill_job(front);
	else if (character)
		keys_give(character);
}

static void print_end(const struct call_end *end)
{
	if (end->how == CALL_KILLED)
		kprintf("killed\n");
	else if (end->how == CALL_EXITED && end->code)
		kprintf("exit code %ld\n", end->code);
}

/* What a program does not read is typed to the prompt when it has ended. */
static void wait_for_front(void)
{
	struct call_end end;

	while (!front_is_over())
		take_key(input_wait_wanted(front_is_over, keys_wanted));
	process_wait(front, &end);
	print_end(&end);
}

/* The words, a blank between them. */
static void join(char *line, size_t size, size_t count, char **words)
{
	size_t length = 0;

	for (size_t i = 0; i < count && length < size; i++)
		length += (size_t)ksnprintf(line + length, size - length,
					    i ? " %s" : "%s", words[i]);
}

COMMAND(run, .group = GROUP_TASKS, .arguments = "NAME [WORD..] [&]", .least = 1,
	.most = 7, .candidate = archive_program,
	.help = "start a program, with & beside the prompt",
	.more = "The names are those of the archive that came with the kernel: "
		"TAB shows\nthem. Ctrl-C ends the program, and all that it has "
		"started.\n")
{
	char line[CALL_LINE_MAX + 2];
	bool behind = count > 2 && strcmp(words[count - 1], "&") == 0;
	uint32_t number;
	int64_t error;

	join(line, sizeof(line), count - 1 - behind, words + 1);
	error = process_start(line, !behind, &number);
	if (error) {
		print_error(words[1], error);
	} else if (behind) {
		kprintf("[%u] %s\n", number, words[1]);
	} else {
		front = number;
		wait_for_front();
	}
}

COMMAND_LINE_WORD(run, .value = "NAME", .needs_value = true,
		  .choice = archive_program,
		  .help = "run a program when ready; exit tells how it ended");

bool process_run_wanted(void)
{
	const char *name = command_line_value("run");
	struct call_end end;
	uint32_t number;
	int64_t error;

	if (!name)
		return true;
	error = process_start(name, true, &number);
	if (error) {
		print_error(name, error);
		return false;
	}
	process_wait(number, &end);
	print_end(&end);
	return end.how == CALL_EXITED && end.code == 0;
}

/* ---- ps, kill ------------------------------------------------------------ */

COMMAND(ps, .group = GROUP_TASKS, .help = "show the programs that run",
	.more = "Each row: its number, who started it (0: the prompt), how much "
		"memory it\nhas, how often it called the kernel, and how many "
		"pages came by a fault.\n")
{
	struct process_info info;

	kprintf("  no   by name            state     KiB     calls  faults\n");
	for (size_t n = 0; process_nth(n, &info); n++)
		kprintf("%4u %4u %-15s %-8s %5lu %9lu %7lu\n", info.number,
			info.parent, info.name, info.state, info.pages * 4,
			info.calls, info.faults);
}

COMMAND(kill, .group = GROUP_TASKS, .arguments = "NUMBER", .least = 1,
	.most = 1, .help = "end a program, by its number in ps",
	.more = "With one that was started at the prompt ends all that it has "
		"started.\n")
{
	uint64_t number;

	if (!command_number(words[1], &number))
		return;
	if (number > UINT32_MAX || (!process_kill_job((uint32_t)number) &&
				    !process_kill((uint32_t)number)))
		kprintf("%s: %s\n", words[1], call_error_text(CALL_E_NO_SUCH));
}
