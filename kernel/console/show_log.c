/*
 * show_log.c - the monitor's command log.
 */
#include "format.h"
#include "kernel/console/console.h"
#include "kernel/device/vga.h"
#include "kernel/input/input.h"
#include "kernel/monitor/command.h"
#include "kernel/time/clock.h"
#include "string.h"

#define LINES 20
#define STAMP VGA_ATTRIBUTE(VGA_DARK_GRAY, VGA_BLACK)

/* What is shown of the log is not logged again: it would displace the rest. */
static void show_log_line(const struct log_line *line)
{
	uint64_t us = clock_ns_at(line->time) / 1000;
	char stamp[64];
	int length;

	if (line->lost) {
		length = ksnprintf(
			stamp, sizeof(stamp),
			"(%lu bytes before this are no longer kept)\n",
			line->lost);
		console_echo(STAMP, stamp, (size_t)length);
	}
	if (line->starts) {
		length = ksnprintf(stamp, sizeof(stamp), "%5lu.%06lu  ",
				   us / 1000000, us % 1000000);
		console_echo(STAMP, stamp, (size_t)length);
	}
	console_echo(VGA_NORMAL, line->text, line->length);
	if (line->ends)
		console_echo(VGA_NORMAL, "\n", 1);
}

static const char *log_argument(size_t n)
{
	return n == 0 ? "all" : NULL;
}

COMMAND(log, .group = GROUP_BASICS, .arguments = "[LINES]", .most = 1,
	.candidate = log_argument,
	.help = "show the last lines that were printed, with their times",
	.more = "20 without a number, all with \"all\". The times are seconds since "
		"stage 2.\n")
{
	uint64_t lines = LINES, position;
	struct log_line line;

	if (count > 1 && strcmp(words[1], "all") == 0)
		lines = LOG_ALL;
	else if (count > 1 && !command_number(words[1], &lines))
		return;
	position = log_last(lines < LOG_ALL ? (uint32_t)lines : LOG_ALL);
	while (!input_stopped() && log_next(&position, &line))
		show_log_line(&line);
}
