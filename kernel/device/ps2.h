/*
 * ps2.h - the keyboard behind the 8042 controller.
 *
 * A machine may have no such controller, or only the firmware's emulation of
 * one for USB keyboards (HW-33): everything else works without it. Every wait
 * is bounded.
 */
#ifndef KERNEL_DEVICE_PS2_H
#define KERNEL_DEVICE_PS2_H

#include <stdbool.h>
#include <stdint.h>

/**
 * ps2_start - have the keyboard send scan codes of set 1, with interrupts
 * @take:	called by ps2_receive() for each key that is pressed (key.h)
 *
 * What was typed before is thrown away. Returns false if there is no
 * controller. Context: its interrupt is masked.
 */
bool ps2_start(void (*take)(uint16_t key));

/* Take what the keyboard has sent: its interrupt. Context: interrupts off. */
void ps2_receive(void);

#endif
