/*
 * fire.h - printing under fire: fire=SECONDS on the command line.
 *
 * A timer interrupt prints FIRE_HZ times a second, the main path whenever it
 * can, and whoever runs QEMU injects NMIs, which are counted. Each line names
 * its source and its number there and has a length that follows from that:
 *
 *	fire main 00000042 ..........................................|
 *
 * so that a reader can tell whether any line was torn or lost; the longest ones
 * are more than kprintf() hands to the console at once. The last one
 * says how many there were, and QEMU is left with status 33.
 *
 * COM1 itself would be the bottleneck at 115200 baud: there the main path gets
 * little to say. An emulator's port takes bytes at any speed.
 */
#ifndef KERNEL_TEST_FIRE_H
#define KERNEL_TEST_FIRE_H

#define FIRE_SECONDS_MAX 1000000
#define FIRE_HZ 1000
#define FIRE_WIDTH 307 /* line number n has n % FIRE_WIDTH dots */

/* Does what the command line says, if anything. Needs console and timer. */
void fire_run(void);

#endif
