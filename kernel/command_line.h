/*
 * command_line.h - the kernel's command line: words between blanks, a word
 * being "name" or "name=value".
 *
 *	exit			leave QEMU by isa-debug-exit, after the boot or
 *				after a panic
 *	console=SINK[,SINK]	print to vga, serial, e9; all without it
 *	test, test=NAME		run the kernel's tests, or those whose name
 *				starts with NAME
 *	fire=SECONDS		print under fire (kernel/test/fire.h)
 *	irq=pic			do without APICs (kernel/cpu/irq.h)
 *	poweroff, reboot	when ready; =WAYS chooses (kernel/power.h)
 *	panic, panic=KIND	end in a panic (kernel/panic/provoke.c,
 *				fault.c)
 *	colors			show what the screen can do
 *	bench=NAME		measure (kernel/bench/bench.c)
 *
 * Unknown words are nobody's business: they may be meant for others.
 * Context: any, after command_line_set().
 */
#ifndef KERNEL_COMMAND_LINE_H
#define KERNEL_COMMAND_LINE_H

#include <stdbool.h>

/* Copies at most CMDLINE_MAX characters; the rest is cut. */
void command_line_set(const char *text);

/* Whether `name` stands there as a word of its own. */
bool command_line_has(const char *name);

/* What follows "name=" in the first such word, NULL if there is none. */
const char *command_line_value(const char *name);

/* Whether `name` is one of the parts of "part,part,part". */
bool list_has(const char *list, const char *name);

#endif
