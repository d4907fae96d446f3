#include "kernel/monitor/command.h"

#include "format.h"
#include "kernel/console/console.h"
#include "kernel/console/kprintf.h"
#include "kernel/device/vga.h"
#include "kernel/input/input.h"
#include "kernel/kernel.h"
#include "line_editor.h"
#include "string.h"
#include "words.h"
#include "x86/tsc.h"

#define PROMPT "> "
#define WORDS_MAX 8
#define DIM VGA_ATTRIBUTE(VGA_DARK_GRAY, VGA_BLACK)
#define PAGE_ROWS (VGA_ROWS - 1)

uint64_t command_prompt_ticks;

static struct line_editor monitor_editor;
/* Something of the line is lost; a message was printed. */
static bool line_is_torn;

/* ---- Commands ------------------------------------------------------------ */

static void monitor_run_command(const struct command *command, size_t count,
				char **words)
{
	char usage[COMMAND_USAGE_MAX];

	if (count - 1 >= command->least && count - 1 <= command->most) {
		command->run(count, words);
		return;
	}
	command_usage(command, usage);
	kprintf("usage: %s\n", usage);
}

static void monitor_run_line(char *line)
{
	char *words[WORDS_MAX];
	size_t count = words_split(line, words, WORDS_MAX);
	const struct command *command;

	if (count == 0)
		return;
	command = command_find(words[0]);
	if (!command)
		kprintf("%s: no such command; help lists them all\n", words[0]);
	else if (count > WORDS_MAX)
		kprintf("more than %d words\n", WORDS_MAX);
	else
		monitor_run_command(command, count, words);
}

/* ---- The line ------------------------------------------------------------ */

/* Completes the first word to a command, later ones to its arguments. */
static const char *monitor_candidate(const char *line, size_t start, size_t n)
{
	char first[LINE_MAX + 1];
	const struct command *command;
	size_t from = 0, length;

	while (line[from] == ' ')
		from++;
	if (from == start)
		return command_get(n) ? command_get(n)->name : NULL;
	length = (size_t)(strchrnul(line + from, ' ') - (line + from));
	memcpy(first, line + from, length);
	first[length] = '\0';
	command = command_find(first);
	return command && command->candidate ? command->candidate(n) : NULL;
}

/* The log has the line as a whole. */
static void monitor_log_line(const char *line)
{
	char text[sizeof(PROMPT) + LINE_MAX + 1];
	int length = ksnprintf(text, sizeof(text), PROMPT "%s\n", line);

	log_add(text, (size_t)length);
}

/* Keys that do not edit the line. */
static bool monitor_take_other_key(uint16_t key)
{
	switch (key) {
	case KEY_PAGE_UP:
	case KEY_PAGE_UP | KEY_SHIFT:
		console_look_back(PAGE_ROWS);
		return true;
	case KEY_PAGE_DOWN:
	case KEY_PAGE_DOWN | KEY_SHIFT:
		console_look_back(-PAGE_ROWS);
		return true;
	case KEY_DELETE | KEY_CTRL | KEY_ALT:
		power_reset(NULL);
		return true;
	default:
		return false;
	}
}

/* Show the line once more, below what was printed in its place. */
static void monitor_show_line(void)
{
	console_line_begin();
	line_editor_show(&monitor_editor);
}

static void monitor_begin_line(void)
{
	line_is_torn = false;
	console_line_begin();
	line_editor_begin(&monitor_editor);
}

static void monitor_take_loss(void)
{
	if (!line_is_torn)
		input_report_losses();
	line_is_torn = true;
	if (console_line_gone())
		monitor_show_line();
	line_editor_key(&monitor_editor, KEY_LOST);
}

static void monitor_take_key(uint16_t key)
{
	if (key & KEY_LOST)
		monitor_take_loss();
	key &= (uint16_t)~KEY_LOST;
	if (!key || monitor_take_other_key(key))
		return;
	switch (line_editor_key(&monitor_editor, key)) {
	case LINE_EDITING:
		break;
	case LINE_ENTERED:
		console_line_end();
		monitor_log_line(monitor_editor.line);
		monitor_run_line(monitor_editor.line);
		monitor_begin_line();
		break;
	case LINE_TORN:
		console_line_end();
		monitor_log_line(monitor_editor.line);
		input_report_losses();
		kprintf("not run: at the '%c' characters were lost, or more than "
			"%d were typed\n",
			LINE_GAP_SHOWN, LINE_MAX - 1);
		monitor_begin_line();
		break;
	case LINE_ABANDONED:
		monitor_begin_line();
		break;
	case LINE_CLEAR:
		console_clear();
		monitor_show_line();
		break;
	}
}

void monitor_run(void)
{
	static const struct line_editor_user user = { console_line_echo,
						      monitor_candidate };

	kprintf_colored(DIM,
			"Type help. Tab completes what is typed, PgUp shows "
			"what scrolled away.\n");
	console_line_begin();
	line_editor_start(&monitor_editor, &user, PROMPT);
	command_prompt_ticks = tsc_read();
	for (;;) {
		uint16_t key = input_wait(console_line_gone);

		if (console_line_gone())
			monitor_show_line();
		if (key)
			monitor_take_key(key);
	}
}
