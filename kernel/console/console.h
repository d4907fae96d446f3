/*
 * console.h - the sinks that everything printed goes to: screen, COM1, port
 * E9h, and always the log (log.h).
 *
 * Who prints uses kprintf.h; this is for the boot, and for kprintf itself.
 */
#ifndef KERNEL_CONSOLE_CONSOLE_H
#define KERNEL_CONSOLE_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/bootinfo.h"
#include "kernel/sync/spinlock.h"

/* Held while anything is printed. The panic page shows who holds it, and
 * does not take it. */
extern struct spinlock console_lock;

/**
 * console_start - find the sinks and use them
 * @names:	those to use, separated by commas: "vga,serial,e9"; NULL: all.
 *		If none of them is there and shows anything, all are used.
 */
void console_start(const struct boot_info *info, const char *names);

/* Give a burst of text to every sink in use. `attribute` is its colours
 * (vga.h); only the screen has any. Context: the console's lock is held. */
void console_write(uint8_t attribute, const char *text, size_t length);

/* Show, but do not log: what is typed, key by key, and the log itself. Takes
 * the lock. Context: any but NMI. */
void console_echo(uint8_t attribute, const char *text, size_t length);

/*
 * The row in which a line is edited (line_view.h). What is printed meanwhile,
 * from an interrupt for one, takes its place; whoever edits the line shows it
 * once more, below. All three take the lock. Context: any but NMI.
 */

/* A line will be shown, in a new row if the cursor's is not empty. */
void console_line_begin(void);

/* It stays as it is; what is printed from now on follows it. */
void console_line_end(void);

/* Show a change of the line, as console_echo() would; not if it is gone. */
void console_line_echo(const char *text, size_t length);

/* Whether it had to make way. Takes no lock. Context: any. */
bool console_line_gone(void);

/* Clear the screen, and a terminal at COM1. Takes the lock. */
void console_clear(void);

/* Show what scrolled off the screen, see vga_look_back(). Takes the lock. */
void console_look_back(int32_t rows);

/* The screen, for who wants more of it than text (tests, benchmarks), with
 * the console's lock held. NULL: not in use. */
struct vga;
struct vga *console_screen(void);

/* Switch a sink that was found off and on again, for measuring one alone.
 * Takes the lock. */
void console_use(const char *name, bool on);

#endif
