/*
 * bench.h - measuring in the kernel: bench=NAME on the command line.
 *
 *	vga		10,000 lines by the naive writer and by ours, 7 rounds,
 *			interleaved
 *	vga-round	the same, one round
 *	vga-naive	10,000 lines by one of them, once: for counting
 *	vga-ours	accesses to video memory from outside
 *	print		kprintf() to the screen alone, and the lock
 *	lines		1,000 lines by kprintf(), with interrupts on: for
 *			counting from outside how long they are off
 *	interrupt	from INT n to a handler that does nothing, and back
 *	memory		a frame, a mapped page, a block of 64 bytes: each taken
 *			and given back
 *	thread		a yield, a thread from its creation to its join, a
 *			semaphore there and back, a mutex
 *	process		a call of a program, a page by a fault, a program from
 *			its start to its end
 *
 * Several are separated by commas. A result is a line "bench: NAME TICKS",
 * ticks per line or call. TSC ticks are time; under QEMU's -icount shift=0
 * one tick is one instruction.
 */
#ifndef KERNEL_BENCH_BENCH_H
#define KERNEL_BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

/* Measure what the command line names, if anything. Needs the console. */
void bench_run(void);

/* ---- Between the files of the room --------------------------------------- */

void bench_memory(void); /* bench_memory.c */
void bench_thread(void); /* bench_thread.c */
void bench_process(void); /* bench_process.c */

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
