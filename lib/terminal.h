/*
 * terminal.h - from the bytes that a terminal sends to keys (key.h).
 *
 * Understood: what xterm, VT220, the Linux console and their like send
 * (ECMA-48 5.4; xterm's ctlseqs, "PC-Style Function Keys"). ESC and a character
 * is the character with KEY_ALT, ESC ESC is KEY_ESCAPE. A terminal also answers
 * what a program before us has asked; such sequences, and all others that are
 * no key's, are nothing:
 *
 *	ESC [ ... letter	CSI; behind ESC [ M a mouse's three bytes
 *	ESC P X ] ^ _		DCS, SOS, OSC, PM, APC: a string follows, up to
 *				BEL or ST, which is ESC \
 *	80h..9Fh		the same in one byte (9Bh is ESC [), also as
 *				UTF-8 (C2h 9Bh)
 *
 * No sequence swallows for ever what is typed: a string without an end also
 * ends at a carriage return, a line feed, ctrl-C, CAN, SUB or the next ESC. A
 * sequence that is broken off, other than by ctrl-C, CAN or SUB, is told by
 * KEY_LOST with the next key. A character that is not ASCII is '?'.
 *
 * Any context, one at a time.
 */
#ifndef LIB_TERMINAL_H
#define LIB_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "key.h"

/* All zeros: nothing came yet. */
struct terminal {
	uint8_t state;
	bool after_return; /* a line feed now belongs to a carriage return */
	bool lost;	   /* a sequence was broken off; no key said so yet */
	bool started;	   /* a byte came behind ESC [ */
	bool foreign;	   /* one of them is in no key's sequence */
	uint8_t count;	   /* parameters begun */
	uint8_t numbers[2]; /* the first ones, 255: that or more */
	uint8_t mouse_left; /* bytes of the mouse's that are to come */
	uint8_t utf8_lead;  /* first byte of a character of several */
	uint8_t utf8_left;  /* its bytes that are to come */
};

/* Take a byte; the key that is complete with it, or KEY_NONE. */
uint16_t terminal_take(struct terminal *terminal, uint8_t byte);

#endif
