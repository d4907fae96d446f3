/*
 * keyboard_lights.h - the talk with a keyboard about its lights.
 *
 * The command EDh is answered with ACK, then the lights are sent, and answered
 * with ACK again; "resend" asks for the last byte once more (IBM PS/2 Hardware
 * Technical Reference, "Keyboard"). Nothing waits here: each answer, when it
 * comes, brings the next byte. A keyboard that never answers keeps its lights.
 *
 * Any context, one at a time.
 */
#ifndef LIB_KEYBOARD_LIGHTS_H
#define LIB_KEYBOARD_LIGHTS_H

#include <stdbool.h>
#include <stdint.h>

#define KEYBOARD_SET_LIGHTS 0xED
#define KEYBOARD_ACK 0xFA
#define KEYBOARD_RESEND 0xFE

#define LIGHTS_NO_BYTE (-1) /* nothing is to be sent now */

/* All zeros: nothing was said yet. */
struct keyboard_lights {
	uint8_t wanted; /* KEYBOARD_*_LOCK */
	uint8_t state;
	uint8_t resends;
};

/* The lights are to be these. Returns the byte to send, or LIGHTS_NO_BYTE. */
int keyboard_lights_want(struct keyboard_lights *lights, uint8_t locks);

/* Whether the byte is an answer and no scan code. */
bool keyboard_lights_is_answer(uint8_t byte);

/* Take an answer. Returns the next byte to send, or LIGHTS_NO_BYTE. */
int keyboard_lights_answer(struct keyboard_lights *lights, uint8_t byte);

#endif
