#include "kernel/test/test.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/command_line.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/interrupt.h"
#include "kernel/device/emulator.h"
#include "kernel/panic/panic.h"
#include "kernel/time/clock.h"
#include "kernel/time/timer.h"
#include "string.h"
#include "words.h"

static char fire_dots[FIRE_WIDTH];
static uint64_t main_lines, tick_lines;
static _Atomic uint64_t nmis;

static void fire_print(const char *source, uint64_t *number)
{
	kprintf("fire %s %08lu %.*s|\n", source, *number,
		(int)(*number % FIRE_WIDTH), fire_dots);
	++*number;
}

static void print_from_interrupt(void)
{
	fire_print("tick", &tick_lines);
}

/* May come in the middle of a line: it does not print. */
static void fire_count_nmi(struct trap_frame *frame)
{
	(void)frame;
	nmis++;
}

static void print_for(uint64_t seconds)
{
	struct deadline deadline = deadline_after_us(seconds * 1000000);

	memset(fire_dots, '.', sizeof(fire_dots));
	interrupt_handle(VECTOR_NMI, fire_count_nmi);
	timer_on_tick(print_from_interrupt);
	timer_set_rate(FIRE_HZ);
	while (!deadline_has_come(&deadline))
		fire_print("main", &main_lines);
	timer_set_rate(TIMER_HZ);
	timer_on_tick(NULL);
	/* The last NMI may come later: its handler stays. */
}

static bool fire_takes(const char *value)
{
	uint64_t seconds;

	return !number_parse(value, NULL, &seconds) &&
	       seconds <= FIRE_SECONDS_MAX;
}

COMMAND_LINE_WORD(fire, .value = "SECONDS", .needs_value = true,
		  .takes = fire_takes,
		  .help = "print from an interrupt and outside at once, then "
			  "leave QEMU");

void fire_run(void)
{
	const char *value = command_line_value("fire");
	uint64_t seconds;

	if (!value || !fire_takes(value))
		return;
	number_parse(value, NULL, &seconds);
	panic_leave_qemu();
	print_for(seconds);
	kprintf("fire: %lu lines from main, %lu from the timer, %lu NMIs\n",
		main_lines, tick_lines, nmis);
	leave_qemu(DEBUG_EXIT_SUCCESS);
}
