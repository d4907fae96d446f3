/*
 * show_input.c - what came in and what was lost: the monitor's command input.
 */
#include <stddef.h>

#include "kernel/console/kprintf.h"
#include "kernel/device/serial.h"
#include "kernel/input/input.h"
#include "kernel/monitor/command.h"

enum loss {
	COM1_EARLY,
	COM1_OVERRUNS,
	COM1_DAMAGED,
	COM1_BROKEN_OFF,
	COM1_CUT,
	KEYBOARD_FULL,
	QUEUE_FULL,
	LOSSES
};

static const struct {
	const char *what, *unit, *remedy;
} losses[LOSSES] = {
	[COM1_EARLY] = { "it came on COM1 before the kernel listened", "byte",
			 "" },
	[COM1_OVERRUNS] = { "COM1 was full", "time",
			    ": let its sender use RTS/CTS flow control" },
	[COM1_DAMAGED] = { "no stop bit on COM1", "byte",
			   ": is its other end set to 115200 8N1?" },
	[COM1_BROKEN_OFF] = { "an escape sequence on COM1 had no end", "time",
			      "" },
	[COM1_CUT] = { "ctrl-C on the keyboard cut a line from COM1", "time",
		       "" },
	[KEYBOARD_FULL] = { "the keyboard was full", "time", "" },
	[QUEUE_FULL] = { "too many keys were waiting already", "key", "" },
};

static uint64_t loss_count(enum loss loss)
{
	const struct serial_counts *com1 = serial_counts();
	const struct input_counts *keys = input_counts();

	switch (loss) {
	case COM1_EARLY:
		return com1->early;
	case COM1_OVERRUNS:
		return com1->overruns;
	case COM1_DAMAGED:
		return com1->damaged;
	case COM1_BROKEN_OFF:
		return keys->broken_off;
	case COM1_CUT:
		return keys->cut;
	case KEYBOARD_FULL:
		return keys->keyboard_full;
	case QUEUE_FULL:
		return keys->queue_full;
	default:
		return 0;
	}
}

/* What is more than `before`, which then is as it is now. */
static void report_since(uint64_t before[LOSSES])
{
	for (int loss = 0; loss < LOSSES; loss++) {
		uint64_t now = loss_count((enum loss)loss);
		uint64_t more = now - before[loss];

		if (more)
			kprintf("input lost: %s, %lu %s%s%s\n",
				losses[loss].what, more, losses[loss].unit,
				more == 1 ? "" : "s", losses[loss].remedy);
		before[loss] = now;
	}
}

void input_report_losses(void)
{
	static uint64_t reported[LOSSES];

	report_since(reported);
}

COMMAND(input, .group = GROUP_DEVICES,
	.help = "show what was typed, and what of it was lost",
	.more = "Since the start. A line that lacks something is not run.\n")
{
	uint64_t none[LOSSES] = { 0 };

	kprintf("keyboard %lu keys, COM1 %lu bytes; %lu bytes could not be sent "
		"there\n",
		input_counts()->keys, serial_counts()->received,
		serial_counts()->unsent);
	report_since(none);
}
