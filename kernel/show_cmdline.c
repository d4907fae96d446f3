/*
 * show_cmdline.c - what the boot report says of words that are not known, and
 * the monitor's command cmdline.
 */
#include "boot/image.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/device/vga.h"
#include "kernel/monitor/command.h"
#include "string.h"

/* ---- In the boot report -------------------------------------------------- */

#define WARNING VGA_ATTRIBUTE(VGA_YELLOW, VGA_BLACK)

/* A foreign loader's command line may be anything. */
#define ERRORS_MAX 16 /* that are named */
#define WORD_MAX 40 /* characters of a word that are shown */

static int shown_length(size_t length)
{
	return length < WORD_MAX ? (int)length : WORD_MAX;
}

static void report_error(const struct command_line_error *error)
{
	static const char *const wrong[] = {
		[COMMAND_LINE_NO_SUCH_WORD] = "no such word",
		[COMMAND_LINE_SAID_BEFORE] =
			"given before, and the first one counts",
		[COMMAND_LINE_NO_VALUE] = "a value is missing",
		[COMMAND_LINE_VALUE] = "takes no value",
		[COMMAND_LINE_NO_SUCH_VALUE] = "no such value",
	};
	char usage[COMMAND_LINE_USAGE];

	kprintf_colored(WARNING, "ignored   %.*s: %s", WORD_MAX, error->word,
			wrong[error->wrong]);
	if (error->wrong == COMMAND_LINE_NO_SUCH_VALUE)
		kprintf_colored(WARNING, ": \"%.*s\"",
				shown_length(error->length), error->part);
	if (error->meant) {
		command_line_usage(error->meant, usage);
		kprintf_colored(WARNING, " (%s)", usage);
	}
	kprintf("\n");
}

void command_line_report(void)
{
	struct command_line_error error;
	size_t n = 0;

	if (command_line_was_cut())
		kprintf_colored(WARNING,
				"ignored   everything after the first %d "
				"characters\n",
				CMDLINE_MAX);
	for (; n < ERRORS_MAX && command_line_error(n, &error); n++)
		report_error(&error);
	if (n == ERRORS_MAX && command_line_error(n, &error))
		kprintf_colored(WARNING, "ignored   further words\n");
	if (n)
		kprintf("          cmdline at the prompt lists all words\n");
}

/* ---- At the prompt ------------------------------------------------------- */

static const char *word_name(size_t n)
{
	const struct command_line_word *word = command_line_word(n);

	return word ? word->name : NULL;
}

static void show_word(const struct command_line_word *word)
{
	char usage[COMMAND_LINE_USAGE];

	command_line_usage(word, usage);
	kprintf("%-18s %s\n", usage, word->help);
}

COMMAND(cmdline, .group = GROUP_BASICS, .arguments = "[WORD]", .most = 1,
	.candidate = word_name,
	.help = "list what the kernel's command line may say",
	.more = "With a word: the values that it takes. mkimage --cmdline TEXT "
		"says it.\n")
{
	const struct command_line_word *word;

	for (size_t n = 0; (word = command_line_word(n)); n++) {
		if (count > 1 && strcmp(word->name, words[1]) != 0)
			continue;
		show_word(word);
		if (count > 1) {
			if (word->choice)
				command_list(word->choice);
			return;
		}
	}
	if (count > 1)
		kprintf("%s: no such word; cmdline lists them all\n", words[1]);
}
