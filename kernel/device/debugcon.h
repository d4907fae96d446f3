/*
 * debugcon.h - port E9h, the debug console of Bochs and QEMU.
 */
#ifndef KERNEL_DEVICE_DEBUGCON_H
#define KERNEL_DEVICE_DEBUGCON_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the port is there: it reads back E9h. Any context. */
bool debugcon_present(void);

/* Context: any; only if it is present. */
void debugcon_write(const char *text, size_t length);

#endif
