/*
 * terminal.h - from the bytes that a terminal sends to keys (key.h).
 *
 * Understood: what xterm, VT220, the Linux console and their like send
 * (ECMA-48 5.4; xterm's ctlseqs, "PC-Style Function Keys"). An escape that
 * turns out to begin nothing is KEY_ESCAPE once the next byte is there; other
 * sequences, and bytes from 80h on, are nothing.
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
	uint8_t count;	   /* parameters begun */
	uint8_t numbers[2]; /* the first ones, 255: that or more */
};

/* Take a byte; the key that is complete with it, or KEY_NONE. */
uint16_t terminal_take(struct terminal *terminal, uint8_t byte);

#endif
