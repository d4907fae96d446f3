/*
 * keyboard_us.c - the US layout, and a row for each row of keys.
 */
#include "keyboard.h"

#define FUNCTION_KEYS                                                        \
	[0x3B] = KEY_F1, [0x3C] = KEY_F1 + 1, [0x3D] = KEY_F1 + 2,           \
	[0x3E] = KEY_F1 + 3, [0x3F] = KEY_F1 + 4, [0x40] = KEY_F1 + 5,       \
	[0x41] = KEY_F1 + 6, [0x42] = KEY_F1 + 7, [0x43] = KEY_F1 + 8,       \
	[0x44] = KEY_F1 + 9, [0x57] = KEY_F1 + 10, [0x58] = KEY_F12

/* The same in both tables; the keypad's digits are keyboard.c's. */
#define COMMON                                                               \
	[0x01] = KEY_ESCAPE, [0x0E] = KEY_BACKSPACE, [0x0F] = KEY_TAB,       \
	[0x1C] = KEY_ENTER, [0x39] = ' ', [0x37] = '*', [0x4A] = '-',        \
	[0x4E] = '+', [0x54] = KEY_PRINT, FUNCTION_KEYS

/* clang-format off */
const struct keyboard_layout keyboard_us = {
	.name = "us",
	.plain = {
		COMMON,
		[0x02] = '1', '2', '3', '4', '5', '6', '7', '8', '9', '0',
			'-', '=',
		[0x10] = 'q', 'w', 'e', 'r', 't', 'y', 'u', 'i', 'o', 'p',
			'[', ']',
		[0x1E] = 'a', 's', 'd', 'f', 'g', 'h', 'j', 'k', 'l', ';',
			'\'', '`',
		[0x2B] = '\\', 'z', 'x', 'c', 'v', 'b', 'n', 'm', ',', '.',
			'/',
		[0x56] = '<',
	},
	.shifted = {
		COMMON,
		[0x02] = '!', '@', '#', '$', '%', '^', '&', '*', '(', ')',
			'_', '+',
		[0x10] = 'Q', 'W', 'E', 'R', 'T', 'Y', 'U', 'I', 'O', 'P',
			'{', '}',
		[0x1E] = 'A', 'S', 'D', 'F', 'G', 'H', 'J', 'K', 'L', ':',
			'"', '~',
		[0x2B] = '|', 'Z', 'X', 'C', 'V', 'B', 'N', 'M', '<', '>',
			'?',
		[0x56] = '>',
	},
};
/* clang-format on */
