/*
 * pit.h - the 8254 interval timer: channel 0 raises IRQ 0, channel 2 can be
 * read, and raises no interrupt.
 *
 * Context: interrupts off.
 */
#ifndef KERNEL_DEVICE_PIT_H
#define KERNEL_DEVICE_PIT_H

#include <stdint.h>

#define PIT_HZ 1193182

/* Raise IRQ 0 this often a second, from 19 on. */
void pit_tick(uint32_t hz);

/* Start channel 2, which counts through 16 bits again and again; its count, as
 * one that goes up; restore what was before. */
void pit_count_start(void);
uint32_t pit_count(void);
void pit_count_stop(void);

#endif
