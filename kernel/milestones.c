/*
 * milestones.c - the monitor's command boot: how long each step of the boot
 * took.
 */
#include "kernel/console/kprintf.h"
#include "kernel/device/vga.h"
#include "kernel/kernel.h"
#include "kernel/monitor/command.h"
#include "kernel/time/clock.h"

#define BAR_MAX 34
#define BAR VGA_ATTRIBUTE(VGA_LIGHT_GREEN, VGA_BLACK)

/* The loader's time stamps, then the kernel's. */
#define PROMPT TIME_COUNT
#define STEPS (TIME_COUNT + 1)

static const char *const steps[STEPS] = {
	[TIME_A20] = "A20 opened",
	[TIME_MEMORY] = "memory map and screen recorded",
	[TIME_LOADED] = "kernel and modules loaded",
	[TIME_LONG_MODE] = "64-bit mode entered",
	[TIME_VERIFIED] = "checksums proven",
	[TIME_KERNEL] = "kernel called",
	[PROMPT] = "prompt reached",
};

static const uint64_t *loader_stamps;

void report_steps(const uint64_t *time_stamps)
{
	loader_stamps = time_stamps;
}

static uint64_t step_stamp(int step)
{
	return step == PROMPT ? command_prompt_ticks : loader_stamps[step];
}

static uint64_t step_ticks(int step)
{
	return step_stamp(step) - step_stamp(step - 1);
}

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
	kprintf("%-31s%10lu us", step,
		clock_ns_at(step_stamp(TIME_STAGE2) + ticks) / 1000);
}

COMMAND(boot, .group = GROUP_BASICS,
	.help = "show the steps of the boot, and how long each took",
	.more = "The TSC counts from the reset on, or from an earlier one: the "
		"first row is the\nBIOS's share if it began at 0. The bars do "
		"not count it.\n")
{
	uint64_t longest = 0;

	kprintf("%-31s%10lu us\n", "before stage 2, by the TSC",
		clock_span_ns(step_stamp(TIME_STAGE2)) / 1000);
	for (int i = 1; i < STEPS; i++)
		if (step_ticks(i) > longest)
			longest = step_ticks(i);
	for (int i = 1; i < STEPS; i++) {
		show_step(steps[i], step_ticks(i));
		show_bar(bar_length(step_ticks(i), longest));
	}
	show_step("from stage 2 to the prompt",
		  step_stamp(PROMPT) - step_stamp(0));
	kprintf("\n");
}
