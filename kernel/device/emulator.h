/*
 * emulator.h - the two devices that only emulators have: port E9h, the debug
 * console of Bochs and QEMU, and QEMU's isa-debug-exit.
 *
 * Context: any.
 */
#ifndef KERNEL_DEVICE_EMULATOR_H
#define KERNEL_DEVICE_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "kernel/device/serial.h"
#include "x86/port.h"

/* Whether port E9h is there: it reads back E9h. */
static inline bool debugcon_present(void)
{
	return port_read(DEBUGCON) == DEBUGCON;
}

/* Only if it is present. */
static inline void debugcon_write(const char *text, size_t length)
{
	port_write_all(DEBUGCON, text, length);
}

/**
 * leave_qemu - end the emulator once COM1 has sent everything
 * @code:	DEBUG_EXIT_SUCCESS or DEBUG_EXIT_FAILURE
 *
 * Returns where there is no isa-debug-exit.
 */
static inline void leave_qemu(uint8_t code)
{
	serial_drain();
	port_write(DEBUG_EXIT, code);
}

#endif
