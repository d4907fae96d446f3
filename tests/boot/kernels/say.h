/*
 * say.h - the little that test kernels need: text, an end.
 *
 * Text goes to COM1 and port E9h, the end is QEMU's exit port.
 */
#ifndef TESTS_BOOT_KERNELS_SAY_H
#define TESTS_BOOT_KERNELS_SAY_H

#include <stdint.h>

#include "boot/x86.h"
#include "x86/port.h"

static inline void say(const char *text)
{
	for (; *text; text++) {
		port_write(COM1, (uint8_t)*text);
		port_write(DEBUGCON, (uint8_t)*text);
	}
}

_Noreturn static inline void stop(void)
{
	for (;;)
		__asm__ volatile("cli; hlt");
}

/* DEBUG_EXIT_SUCCESS or _FAILURE; only stops where there is no such port */
_Noreturn static inline void leave(uint8_t how)
{
	port_write(DEBUG_EXIT, how);
	stop();
}

#endif
