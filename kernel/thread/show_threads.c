/*
 * show_threads.c - the monitor's commands threads and trace.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "kernel/thread/sched.h"
#include "kernel/thread/thread.h"
#include "kernel/time/clock.h"

COMMAND(threads, .group = GROUP_TASKS,
	.help = "show the threads, and what each waits for")
{
	struct thread_info info;

	kprintf("  no name            state    cpu       ran  switches\n");
	for (size_t n = 0; thread_nth(n, &info); n++)
		kprintf("%4u %-15s %-8s %3u %7lu.%lu %9lu  %s\n", info.number,
			info.name, thread_state_name(info.state), info.cpu,
			info.ran_ns / NS_PER_MS / 1000,
			info.ran_ns / NS_PER_MS / 100 % 10, info.switches,
			info.waits_for ? info.waits_for : "");
}

/* ---- trace --------------------------------------------------------------- */

#define ROWS 20

COMMAND(trace, .group = GROUP_TASKS,
	.help = "show the last switches from one thread to another",
	.more = "Each row: when, on which processor, from which thread (the "
		"number of\nthreads) to which, and how long that one ran.\n")
{
	struct trace_switch switches[ROWS + 1];
	size_t found;

	{
		SCHED_HOLD();
		found = trace_read(switches, ROWS + 1);
	}
	for (size_t i = 0; i + 1 < found; i++) {
		uint64_t ran =
			clock_span_ns(switches[i + 1].at - switches[i].at);
		int bar = ran > 10 * NS_PER_MS ? 10 : (int)(ran / NS_PER_MS);

		kprintf("%12lu us  cpu %u  %3u -> %-3u %8lu us %.*s\n",
			clock_ns_at(switches[i].at) / 1000, switches[i].cpu,
			switches[i].from, switches[i].to, ran / 1000, bar,
			"##########");
	}
}
