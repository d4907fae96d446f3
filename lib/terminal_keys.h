/*
 * terminal_keys.h - which key a whole escape sequence stands for (terminal.c).
 *
 * All return KEY_NONE where there is none. `modifiers` is 1 more than the sum
 * of shift 1, alt 2, ctrl 4 (xterm's ctlseqs); 0: it was not sent. Any context.
 */
#ifndef LIB_TERMINAL_KEYS_H
#define LIB_TERMINAL_KEYS_H

#include <stdint.h>

/* A byte of ASCII that is in no sequence. */
uint16_t terminal_plain_key(uint8_t byte);

/* ESC [ number ; modifiers final */
uint16_t terminal_control_key(uint8_t final, uint8_t number, uint8_t modifiers);

/* ESC O modifiers letter */
uint16_t terminal_single_key(uint8_t letter, uint8_t modifiers);

#endif
