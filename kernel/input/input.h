/*
 * input.h - what is typed, on the keyboard or at the other end of COM1.
 *
 * Both fill one queue of keys (key.h) from their interrupts. Ctrl-C comes
 * before all that was typed ahead of it: that is thrown away.
 *
 * As long as the queue is full, what comes on COM1 stays in its ring
 * (serial.h), ctrl-C too. A part of the queue is reserved for the keyboard,
 * which keeps only a few keys itself. What is lost is counted, and a key with
 * KEY_LOST stands in the queue in its place.
 */
#ifndef KERNEL_INPUT_INPUT_H
#define KERNEL_INPUT_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "key.h"

/* Find the keyboard, and let COM1 receive, whether or not the console prints
 * there. Needs irq_start(). Once; interrupts are on afterwards. */
void input_start(void);

/* Where something can be typed. A keyboard controller counts as a keyboard: one
 * may be plugged in later. */
struct input_sources {
	bool keyboard, serial;
};

/* What input_start() has found. Context: any. */
const struct input_sources *input_sources(void);

/* The next key; sleeps until there is one, or until wake(), asked after each
 * interrupt, says true: then KEY_NONE. Where no interrupt would end the sleep
 * it looks again and again. Interrupts are on afterwards. */
uint16_t input_wait(bool (*wake)(void));

/* The same, but the keys stay in the queue as long as wanted(), asked as wake()
 * is, says false. Not so ctrl-C. */
uint16_t input_wait_wanted(bool (*wake)(void), bool (*wanted)(void));

/* Whether ctrl-C was typed since the last input_wait(). Context: a command of
 * the monitor; interrupts are on afterwards. */
bool input_stopped(void);

/* Since the start; what COM1 itself has lost is in serial_counts(). */
struct input_counts {
	uint64_t keys;		/* of the keyboard */
	uint64_t keyboard_full; /* times that it reported lost keys */
	uint64_t queue_full;	/* keys that had no room in the queue */
	uint64_t broken_off;	/* escape sequences without an end */
	uint64_t cut;		/* times that ctrl-C on the keyboard threw away
				 * the beginning of a line from COM1 */
};

/* Context: any; a count that changes meanwhile may be old. */
const struct input_counts *input_counts(void);

/* Print what was lost since the last call. Context: as kprintf(). */
void input_report_losses(void);

#endif
