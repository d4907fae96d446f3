/*
 * alarm.c - the monitor's command alarm.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"

#define SECONDS 3
#define SECONDS_MAX 3600

static uint64_t due; /* nanoseconds since the start */

/* In the timer's interrupt. */
static void look(void)
{
	uint64_t now = clock_ns();

	if (now < due)
		return;
	timer_on_tick(NULL);
	kprintf("alarm: it is %lu.%03lu s now\n", now / NS_PER_S,
		now % NS_PER_S / NS_PER_MS);
}

COMMAND(alarm, .arguments = "[SECONDS]", .most = 1,
	.help = "have the timer's interrupt print a line, later",
	.more = "In 3 seconds, if nothing else is said. What is being typed makes "
		"way for it,\nand is shown again below.\n")
{
	uint64_t seconds = SECONDS;

	if (count > 1 && !command_number(words[1], &seconds))
		return;
	if (seconds > SECONDS_MAX)
		kprintf("at most %d seconds\n", SECONDS_MAX);
	else if (!timer_name())
		kprintf("nothing ticks\n");
	else {
		timer_on_tick(NULL);
		due = clock_ns() + seconds * NS_PER_S;
		timer_on_tick(look);
	}
}
