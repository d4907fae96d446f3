/*
 * key.h - a key press as its reader gets it, from a keyboard or a terminal.
 *
 * A uint16_t: a code and modifiers. The code is the ASCII character 20h..7Eh,
 * with shift and caps lock applied, or one of KEY_*. KEY_SHIFT is said of
 * KEY_* only. No key is 0.
 *
 * KEY_LOST says that between the key before and this one something was typed
 * that is lost. It also comes alone, without a code.
 */
#ifndef LIB_KEY_H
#define LIB_KEY_H

#define KEY_NONE 0
#define KEY_SHIFT 0x100
#define KEY_CTRL 0x200
#define KEY_ALT 0x400
#define KEY_LOST 0x800

enum key_code {
	KEY_ENTER = 0x80,
	KEY_BACKSPACE,
	KEY_TAB,
	KEY_ESCAPE,
	KEY_UP,
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_INSERT,
	KEY_DELETE,
	KEY_PRINT,
	KEY_PAUSE,
	KEY_BREAK, /* ctrl and pause */
	KEY_F1, /* to KEY_F12 in a row */
	KEY_F12 = KEY_F1 + 11,
};

#endif
