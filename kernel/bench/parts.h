/*
 * parts.h - what bench.c calls to measure.
 */
#ifndef KERNEL_BENCH_PARTS_H
#define KERNEL_BENCH_PARTS_H

#include <stddef.h>
#include <stdint.h>

void bench_memory(void); /* bench_memory.c */
void bench_thread(void); /* bench_thread.c */

/**
 * naive_write - the VGA writer of many tutorials, to compare vga.c with
 * @video:	where the screen is shown
 *
 * It keeps nothing in RAM: to scroll, every cell is read from video memory
 * and written one row up. Line feeds, wrapping and the square for unprintable
 * bytes are as in vga.h; no cursor, no other control characters. Context: the
 * console's lock is held.
 */
void naive_write(volatile uint16_t *video, const char *text, size_t length);

#endif
