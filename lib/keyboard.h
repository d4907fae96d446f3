/*
 * keyboard.h - from scan codes, set 1, to keys (key.h).
 *
 * Set 1 is what the keyboard controller makes of all keyboards (IBM PS/2
 * Hardware Technical Reference, "Keyboard"): one byte per key, bit 7 set when
 * it is released, E0h before those keys that the PC of 1981 did not have, and
 * E1h before the two bytes of Pause. Keyboards repeat keys that are held, and
 * put shift keys that nobody pressed (E0 2A, E0 36) around some; neither must
 * be seen in what comes out.
 *
 * Any context, one at a time.
 */
#ifndef LIB_KEYBOARD_H
#define LIB_KEYBOARD_H

#include <stdint.h>

#include "key.h"

#define KEYBOARD_SCANS 0x59 /* set 1 has keys 01h..58h without prefix */

/* What the keys without prefix mean: ASCII, KEY_*, or 0 for nothing. */
struct keyboard_layout {
	const char *name;
	uint8_t plain[KEYBOARD_SCANS];
	uint8_t shifted[KEYBOARD_SCANS];
	uint8_t right_alt[KEYBOARD_SCANS]; /* 0: as without it */
};

/* Keys whose plain meaning is a letter follow caps lock. */
extern const struct keyboard_layout keyboard_us;

/* The locks, as the command EDh numbers their lights. */
#define KEYBOARD_SCROLL_LOCK 1
#define KEYBOARD_NUM_LOCK 2
#define KEYBOARD_CAPS_LOCK 4

struct keyboard {
	const struct keyboard_layout *layout;
	uint8_t locks;		/* which are on: the lights to show */
	uint8_t locks_held;	/* whose keys are down */
	uint8_t modifiers;	/* whose keys are down */
	uint8_t prefix;		/* E0h, E1h; 0: none */
	uint8_t swallow;	/* bytes to ignore after E1h */
};

/* Nothing is pressed; num lock is on, as on every PC. */
void keyboard_start(struct keyboard *keyboard,
		    const struct keyboard_layout *layout);

/* Take a byte; the key that is pressed with it, or KEY_NONE. Bytes that no
 * key sends are ignored; those that say that keys were lost (00h, FFh; HW-52)
 * release all and are KEY_LOST. */
uint16_t keyboard_take(struct keyboard *keyboard, uint8_t byte);

#endif
