/*
 * say.h - the little that test kernels need: ports, text, an end.
 *
 * Text goes to COM1 and port E9h, the end is QEMU's exit port.
 */
#ifndef TESTS_BOOT_KERNELS_SAY_H
#define TESTS_BOOT_KERNELS_SAY_H

#include <stdint.h>

#include "boot/x86.h"

static inline void out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static inline void say(const char *text)
{
	for (; *text; text++) {
		out8(COM1, (uint8_t)*text);
		out8(DEBUGCON, (uint8_t)*text);
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
	out8(DEBUG_EXIT, how);
	stop();
}

#endif
