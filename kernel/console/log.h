/*
 * log.h - everything that was printed, the last 64 KiB of it, with times.
 *
 * It is kept from the kernel's first instruction on and whatever the command
 * line says. What it keeps is in
 * lib/log_ring.h. Times are TSC ticks (tsc_read()).
 */
#ifndef KERNEL_CONSOLE_LOG_H
#define KERNEL_CONSOLE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "log_ring.h"

/* Tell the panic page where the log is. */
void log_start(void);

/* Log what is printed. Context: the console's lock is held. */
void log_write(const char *text, size_t length);

/* Log what is shown in another way. Takes the console's lock. */
void log_add(const char *text, size_t length);

/* Position of the last `lines` lines; LOG_ALL: of the first that ever was, even
 * if it is lost. Takes the console's lock. Context: any but NMI. */
#define LOG_ALL UINT32_MAX
uint64_t log_last(uint32_t lines);

/* Read on, see log_ring_next(). Takes the console's lock, so that printing
 * between two calls is all right. Context: any but NMI. */
bool log_next(uint64_t *position, struct log_line *line);

#endif
