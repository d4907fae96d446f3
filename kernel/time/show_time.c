/*
 * show_time.c - the monitor's commands time and alarm.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "x86/tsc.h"

COMMAND(time, .group = GROUP_BASICS,
	.help = "show the time since the boot, and what measures it",
	.more = "The clock is the TSC, in nanoseconds since stage 2's first "
		"instructions.\n")
{
	const struct clock_rates *rates = clock_rates();
	uint64_t ticks = tsc_read(), ns = clock_ns_at(ticks);

	kprintf("up %lu.%09lu s, TSC %lu\n", ns / NS_PER_S, ns % NS_PER_S,
		ticks);
	kprintf("TSC %lu Hz by %s%s\n", rates->tsc_hz,
		rates->measured_by ? rates->measured_by : "guess",
		rates->steady ? "" : ", roughly");
	if (timer_name())
		kprintf("%s, %d Hz: %lu ticks so far\n", timer_name(), TIMER_HZ,
			timer_ticks());
	else
		kprintf("nothing ticks\n");
}

/* ---- alarm --------------------------------------------------------------- */

#define ALARM_SECONDS 3
#define ALARM_SECONDS_MAX 3600

static uint64_t alarm_due; /* nanoseconds since the start */

/* In the timer's interrupt. */
static void alarm_tick(void)
{
	uint64_t now = clock_ns();

	if (now < alarm_due)
		return;
	timer_on_tick(NULL);
	kprintf("alarm: it is %lu.%03lu s now\n", now / NS_PER_S,
		now % NS_PER_S / NS_PER_MS);
}

COMMAND(alarm, .group = GROUP_DEVICES, .arguments = "[SECONDS]", .most = 1,
	.help = "have the timer's interrupt print a line, later",
	.more = "In 3 seconds, if nothing else is said. What is being typed makes "
		"way for it,\nand is shown again below.\n")
{
	uint64_t seconds = ALARM_SECONDS;

	if (count > 1 && !command_number(words[1], &seconds))
		return;
	if (seconds > ALARM_SECONDS_MAX)
		kprintf("at most %d seconds\n", ALARM_SECONDS_MAX);
	else if (!timer_name())
		kprintf("nothing ticks\n");
	else {
		timer_on_tick(NULL);
		alarm_due = clock_ns() + seconds * NS_PER_S;
		timer_on_tick(alarm_tick);
	}
}
