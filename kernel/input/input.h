/*
 * input.h - what is typed, on the keyboard or at the other end of COM1.
 *
 * Both fill one queue of keys (key.h) from their interrupts. Ctrl-C comes
 * before all that was typed ahead of it: that is thrown away.
 */
#ifndef KERNEL_INPUT_INPUT_H
#define KERNEL_INPUT_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "key.h"

/* Find the keyboard, and let COM1 receive if the console has started it. Needs
 * irq_start(). Once; interrupts are on afterwards. */
void input_start(void);

/* Where something can be typed. A keyboard controller is as good as a keyboard:
 * one may be plugged in. */
struct input_sources {
	bool keyboard, serial;
};

/* What input_start() has found. Context: any. */
const struct input_sources *input_sources(void);

/* The next key; sleeps until there is one, or until wake(), asked after each
 * interrupt, says true: then KEY_NONE. Where no interrupt would end the sleep
 * it looks again and again. Interrupts are on afterwards. */
uint16_t input_wait(bool (*wake)(void));

/* Whether ctrl-C was typed since the last input_wait(). Context: a command of
 * the monitor; interrupts are on afterwards. */
bool input_stopped(void);

#endif
