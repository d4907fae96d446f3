/*
 * terminal.c - bytes and escape sequences.
 */
#include "terminal.h"

#include <stddef.h>

#define ESC 0x1B
#define DEL 0x7F

enum state {
	TEXT,
	ESCAPE,	 /* ESC */
	CONTROL, /* ESC [ numbers */
	CONSOLE, /* ESC [ [: a function key of the Linux console */
	SINGLE,	 /* ESC O */
};

/* ---- One byte ------------------------------------------------------------ */

static uint16_t plain_key(struct terminal *terminal, uint8_t byte)
{
	bool after_return = terminal->after_return;

	terminal->after_return = byte == '\r';
	switch (byte) {
	case '\r':
		return KEY_ENTER;
	case '\n':
		return after_return ? KEY_NONE : KEY_ENTER;
	case '\t':
		return KEY_TAB;
	case '\b':
	case DEL:
		return KEY_BACKSPACE;
	}
	if (byte == 0 || byte > DEL)
		return KEY_NONE;
	if (byte >= ' ')
		return byte;
	return (uint16_t)(KEY_CTRL | (byte + (byte <= 26 ? 'a' - 1 : '@')));
}

/* ---- The end of a sequence ----------------------------------------------- */

static uint16_t key_of_letter(uint8_t letter)
{
	switch (letter) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'F':
		return KEY_END;
	case 'H':
		return KEY_HOME;
	case 'Z':
		return KEY_TAB | KEY_SHIFT;
	case 'P':
	case 'Q':
	case 'R':
	case 'S':
		return (uint16_t)(KEY_F1 + letter - 'P');
	default:
		return KEY_NONE;
	}
}

/* ESC [ number ~ */
static uint16_t key_of_number(uint8_t number)
{
	static const uint8_t keys[] = {
		[1] = KEY_HOME,	   [2] = KEY_INSERT,  [3] = KEY_DELETE,
		[4] = KEY_END,	   [5] = KEY_PAGE_UP, [6] = KEY_PAGE_DOWN,
		[7] = KEY_HOME,	   [8] = KEY_END,     [11] = KEY_F1,
		[12] = KEY_F1 + 1, [13] = KEY_F1 + 2, [14] = KEY_F1 + 3,
		[15] = KEY_F1 + 4, [17] = KEY_F1 + 5, [18] = KEY_F1 + 6,
		[19] = KEY_F1 + 7, [20] = KEY_F1 + 8, [21] = KEY_F1 + 9,
		[23] = KEY_F1 + 10, [24] = KEY_F12,
	};

	return number < sizeof(keys) ? keys[number] : KEY_NONE;
}

static uint16_t key_of_final(const struct terminal *terminal, uint8_t byte)
{
	return byte == '~' ? key_of_number(terminal->numbers[0]) :
			     key_of_letter(byte);
}

/* The second number is 1 more than the sum of shift 1, alt 2, ctrl 4. */
static uint16_t with_modifiers(const struct terminal *terminal, uint16_t key)
{
	uint8_t bits = terminal->numbers[1];

	if (key == KEY_NONE || bits < 2 || bits > 8)
		return key;
	bits--;
	return (uint16_t)(key | (bits & 1 ? KEY_SHIFT : 0) |
			  (bits & 2 ? KEY_ALT : 0) | (bits & 4 ? KEY_CTRL : 0));
}

static void take_digit(struct terminal *terminal, uint8_t digit)
{
	uint8_t *number;

	if (terminal->count >= sizeof(terminal->numbers))
		return;
	number = &terminal->numbers[terminal->count];
	*number = *number > 24 ? 255 : (uint8_t)(*number * 10 + digit);
}

static uint16_t take_control(struct terminal *terminal, uint8_t byte)
{
	if (byte >= '0' && byte <= '9') {
		take_digit(terminal, byte - '0');
	} else if (byte == ';') {
		if (terminal->count < sizeof(terminal->numbers))
			terminal->count++;
	} else if (byte == '[') {
		terminal->state = CONSOLE;
	} else if (byte >= '@') {
		terminal->state = TEXT;
		return with_modifiers(terminal, key_of_final(terminal, byte));
	}
	return KEY_NONE;
}

/* ---- All together -------------------------------------------------------- */

static uint16_t take_after_escape(struct terminal *terminal, uint8_t byte)
{
	uint16_t key;

	switch (byte) {
	case ESC:
		return KEY_ESCAPE;
	case '[':
		terminal->state = CONTROL;
		terminal->count = 0;
		terminal->numbers[0] = terminal->numbers[1] = 0;
		return KEY_NONE;
	case 'O':
		terminal->state = SINGLE;
		return KEY_NONE;
	}
	terminal->state = TEXT;
	key = plain_key(terminal, byte);
	return key ? key | KEY_ALT : KEY_NONE;
}

uint16_t terminal_take(struct terminal *terminal, uint8_t byte)
{
	uint8_t state = terminal->state;

	if (state == ESCAPE)
		return take_after_escape(terminal, byte);
	if (byte == ESC) {
		/* Whatever was begun is given up. */
		terminal->state = ESCAPE;
		return KEY_NONE;
	}
	if (state == TEXT || byte < ' ' || byte >= DEL) {
		terminal->state = TEXT;
		return plain_key(terminal, byte);
	}
	if (state == CONTROL)
		return take_control(terminal, byte);
	terminal->state = TEXT;
	if (state == SINGLE)
		return key_of_letter(byte);
	return byte >= 'A' && byte <= 'E' ? (uint16_t)(KEY_F1 + byte - 'A') :
					    KEY_NONE;
}
