/*
 * naive.h - the VGA writer of many tutorials, as the yardstick for vga.c.
 *
 * It keeps nothing in RAM: to scroll, every cell is read from video memory
 * and written one row up. Line feeds, wrapping and the square for unprintable
 * bytes are as in vga.h; no cursor, no other control characters.
 */
#ifndef KERNEL_BENCH_NAIVE_H
#define KERNEL_BENCH_NAIVE_H

#include <stddef.h>
#include <stdint.h>

/* `video` is where the screen is shown. Context: the console's lock is held. */
void naive_write(volatile uint16_t *video, const char *text, size_t length);

#endif
