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

/* The next key; sleeps until there is one, or until wake(), asked after each
 * interrupt, says true: then KEY_NONE. Interrupts are on afterwards. */
uint16_t input_wait(bool (*wake)(void));

/* Whether ctrl-C was typed since the last input_wait(). Context: a command of
 * the monitor; interrupts are on afterwards. */
bool input_stopped(void);

#endif
