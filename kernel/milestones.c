/*
 * milestones.c - the monitor's command boot: where the time went.
 */
#include "kernel/console/kprintf.h"
#include "kernel/console/vga.h"
#include "kernel/monitor/command.h"
#include "kernel/time/clock.h"

#define BAR_MAX 34
#define BAR VGA_ATTRIBUTE(VGA_LIGHT_GREEN, VGA_BLACK)

static const char *const steps[TIME_COUNT] = {
	[TIME_A20] = "A20 opened",
	[TIME_MEMORY] = "memory map and screen recorded",
	[TIME_LOADED] = "kernel and modules loaded",
	[TIME_LONG_MODE] = "64-bit mode entered",
	[TIME_VERIFIED] = "checksums proven",
	[TIME_KERNEL] = "kernel called",
};

/* A step that took any time at all has a bar. */
static unsigned int bar_length(uint64_t ticks, uint64_t longest)
{
	return longest ? (unsigned int)((ticks * BAR_MAX + longest - 1) /
					longest) :
			 0;
}

static void show_bar(unsigned int length)
{
	kprintf_colored(BAR, " %.*s", (int)length,
			"##################################");
	kprintf("\n");
}

static void show_step(const char *step, uint64_t ticks)
{
	uint64_t zero = command_boot_info->time_stamps[TIME_STAGE2];

	kprintf("%-31s%10lu us", step, clock_ns_at(zero + ticks) / 1000);
}

COMMAND(boot, .help = "show the steps of the boot, and how long each took",
	.more = "From stage 2's first time stamp on.\n")
{
	const uint64_t *stamps = command_boot_info->time_stamps;
	uint64_t longest = 0;

	for (int i = 1; i < TIME_COUNT; i++)
		if (stamps[i] - stamps[i - 1] > longest)
			longest = stamps[i] - stamps[i - 1];
	for (int i = 1; i < TIME_COUNT; i++) {
		uint64_t ticks = stamps[i] - stamps[i - 1];

		show_step(steps[i], ticks);
		show_bar(bar_length(ticks, longest));
	}
	show_step("from stage 2 to the kernel",
		  stamps[TIME_KERNEL] - stamps[TIME_STAGE2]);
	kprintf("\n");
}
