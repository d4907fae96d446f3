/*
 * show_cpus.c - the monitor's command cpus.
 */
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpus.h"
#include "kernel/monitor/command.h"
#include "kernel/smp/smp.h"
#include "kernel/thread/sched.h"
#include "kernel/time/timer.h"
#include "string.h"

static uint64_t cpus_interrupts(const struct cpu *cpu)
{
	uint64_t count = 0;

	for (unsigned int vector = 0; vector < VECTORS; vector++)
		count += cpu->interrupts[vector];
	return count;
}

COMMAND(cpus, .group = GROUP_PROCESSOR,
	.help = "show the processors, and which thread each runs",
	.more = "An idle one has no ticks, but the first, which keeps the time.\n")
{
	const struct smp_counts counts = smp_counts();

	kprintf("cpu   APIC id  interrupts       ticks  runs\n");
	for (uint32_t i = 0; i < CPUS_MAX; i++) {
		const struct cpu *cpu = &cpus[i];
		char name[THREAD_NAME_MAX + 1] = "nothing";

		if (cpu->started != CPU_STARTED)
			continue;
		{
			SCHED_HOLD();
			if (cpu->thread)
				memcpy(name, cpu->thread->name, sizeof(name));
		}
		kprintf("%3u  %8u  %10lu  %10lu  %s%s\n", i, cpu->apic_id,
			cpus_interrupts(cpu), timer_ticks_of(cpu), name,
			cpu->tsc_behind ? ", its TSC differs" : "");
	}
	if (counts.failed)
		kprintf("%u could not be started\n", counts.failed);
	if (counts.again)
		kprintf("one began once more and was stopped: %u times\n",
			counts.again);
	if (counts.too_many)
		kprintf("%u more are listed than can be used\n",
			counts.too_many);
}
