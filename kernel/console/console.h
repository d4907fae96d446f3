/*
 * console.h - the sinks that everything printed goes to: screen, COM1, port
 * E9h, and always the log (below).
 *
 * What is printed is put into a queue (queue.h), in memory, with the console's
 * lock held for that moment. Then the caller shows it, step by step: between
 * two steps interrupts are on, if they were on before, so that a slow or
 * stalled COM1 delays no interrupt. If another call is showing text already, as
 * when an interrupt prints while what it has interrupted does, that one shows
 * the new text as well. So lines are never torn, and their order is that of the
 * queue and the log.
 *
 * Nothing is dropped but what COM1 does not take: that is counted (serial.h).
 * When the queue is full, the caller waits for the slowest sink.
 *
 * To print use kprintf.h; this is for the boot, and for kprintf itself.
 */
#ifndef KERNEL_CONSOLE_CONSOLE_H
#define KERNEL_CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "kernel/sync/spinlock.h"
#include "log_ring.h"

/* Held while text is put into the queue, and for each step of showing it. */
extern struct spinlock console_lock;

/**
 * console_start - find the sinks and use them
 * @text_base:	the screen's cells, as the loader found them, see vga_start()
 * @names:	those to use, separated by commas: "vga,serial,e9"; NULL: all.
 *		If none of them is there and shows anything, all are used.
 */
void console_start(paddr_t text_base, const char *names);

/* Queue a burst of text for every sink in use, and log it. `attribute` is its
 * colours (vga.h); only the screen has any. Context: the console's lock is
 * held. */
void console_write(uint8_t attribute, const char *text, size_t length);

/* Whether the caller has to show it, by console_show() once it has released the
 * lock; false: another call is showing already. Context: the lock is held. */
bool console_show_begin(void);
void console_show(void);

/* Show, but do not log: what is typed, key by key, and the log itself. Takes
 * the lock. Context: any but NMI. */
void console_echo(uint8_t attribute, const char *text, size_t length);

/*
 * The row in which a line is edited (line_view.h). What is printed meanwhile,
 * from an interrupt for one, takes its place; the line's editor shows it once
 * more, below. They take the lock. Context: any but NMI.
 */

/* A line will be shown, in a new row if the cursor's is not empty. */
void console_line_begin(void);

/* It stays as it is; what is printed from now on follows it. */
void console_line_end(void);

/* Show a change of the line, as console_echo() would; not if it is gone. */
void console_line_echo(const char *text, size_t length);

/* Whether the line was removed. Takes no lock. Context: any. */
bool console_line_gone(void);

/* Clear the screen, and a terminal at COM1. Takes the lock. */
void console_clear(void);

/* Show what scrolled off the screen, see vga_look_back(). Takes the lock. */
void console_look_back(int32_t rows);

/* The screen itself, for tests and benchmarks. NULL: not in use. */
struct vga;
struct vga *console_screen(void);

/* Switch a sink that was found off and on again, for measuring one alone.
 * Takes the lock. */
void console_use(const char *name, bool on);

/*
 * ---- The log ----------------------------------------------------------------
 *
 * Everything that was printed, the last 64 KiB of it, with times (TSC ticks).
 * It is kept from the kernel's first instruction on and whatever the command
 * line says; lib/log_ring.h says how.
 */

/* Tell the panic page where the log is. */
void log_start(void);

/* Log what is printed. Context: the console's lock is held. */
void log_write(const char *text, size_t length);

/* Log what is shown in another way. Takes the console's lock. */
void log_add(const char *text, size_t length);

/* Position of the last `lines` lines; LOG_ALL: of the first ever printed, even
 * if it is no longer kept. Takes the console's lock. Context: any but NMI. */
#define LOG_ALL UINT32_MAX
uint64_t log_last(uint32_t lines);

/* Read on, see log_ring_next(). Takes the console's lock, so that printing
 * between two calls is all right. Context: any but NMI. */
bool log_next(uint64_t *position, struct log_line *line);

#endif
