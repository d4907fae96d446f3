/*
 * terminal_keys.c - the keys of bytes and of escape sequences.
 */
#include "terminal_keys.h"

#include "key.h"

#define DEL 0x7F

uint16_t terminal_plain_key(uint8_t byte)
{
	switch (byte) {
	case '\r':
	case '\n':
		return KEY_ENTER;
	case '\t':
		return KEY_TAB;
	case '\b':
	case DEL:
		return KEY_BACKSPACE;
	case 0:
		return KEY_NONE;
	}
	if (byte >= ' ')
		return byte;
	return (uint16_t)(KEY_CTRL | (byte + (byte <= 26 ? 'a' - 1 : '@')));
}

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

/* A number that is 1 more than the sum of shift 1, alt 2, ctrl 4. */
static uint16_t with_modifiers(uint16_t key, uint8_t number)
{
	uint8_t bits = number - 1;

	if (key < KEY_ENTER || number < 2 || number > 8)
		return key;
	return (uint16_t)(key | (bits & 1 ? KEY_SHIFT : 0) |
			  (bits & 2 ? KEY_ALT : 0) | (bits & 4 ? KEY_CTRL : 0));
}

uint16_t terminal_control_key(uint8_t final, uint8_t number, uint8_t modifiers)
{
	return with_modifiers(final == '~' ? key_of_number(number) :
					     key_of_letter(final),
			      modifiers);
}

/* The keypad's characters are 40h further up. */
uint16_t terminal_single_key(uint8_t letter, uint8_t modifiers)
{
	uint16_t key = key_of_letter(letter);

	if (letter == 'M')
		key = KEY_ENTER;
	else if (letter == 'X')
		key = '=';
	else if (letter >= 'j' && letter <= 'y')
		key = letter - 0x40;
	return with_modifiers(key, modifiers);
}
