/*
 * leave.h - the way out of QEMU.
 */
#ifndef KERNEL_LEAVE_H
#define KERNEL_LEAVE_H

#include <stdint.h>

/**
 * leave_qemu - end the emulator once COM1 has sent everything
 * @code:	DEBUG_EXIT_SUCCESS or DEBUG_EXIT_FAILURE
 *
 * Returns where there is no isa-debug-exit. Context: any.
 */
void leave_qemu(uint8_t code);

#endif
