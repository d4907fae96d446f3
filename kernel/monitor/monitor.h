/*
 * monitor.h - the prompt: look at everything the kernel knows.
 *
 * Keys come from input.h, lines from line_editor.h; command.h is how a room
 * adds a command. The processor sleeps while nothing is typed.
 */
#ifndef KERNEL_MONITOR_MONITOR_H
#define KERNEL_MONITOR_MONITOR_H

/* Does not return. Needs console and input. */
_Noreturn void monitor_run(void);

#endif
