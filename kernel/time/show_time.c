/*
 * show_time.c - the monitor's command time.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "x86/tsc.h"

COMMAND(time, .help = "show the time since the boot, and who keeps it",
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
