/*
 * keyboard.c - scan codes, set 1.
 */
#include "keyboard.h"

#include <stdbool.h>
#include <stddef.h>

#include "string.h"

#define PREFIX_E0 0xE0
#define PREFIX_E1 0xE1
#define PAUSE_BYTES 2 /* after E1h: 1D 45, or 9D C5 when released */
#define RELEASED 0x80
#define LOST_KEYS_SET1 0xFF
#define LOST_KEYS_SET2 0x00
/* Answers of the keyboard, which have no key: self-test, echo, ACK, resend. */
#define FIRST_ANSWER 0xF0
#define ECHO 0xEE

enum modifier {
	LEFT_SHIFT = 0x01,
	RIGHT_SHIFT = 0x02,
	LEFT_CTRL = 0x04,
	RIGHT_CTRL = 0x08,
	LEFT_ALT = 0x10,
	RIGHT_ALT = 0x20,
};
#define SHIFTS (LEFT_SHIFT | RIGHT_SHIFT)
#define CTRLS (LEFT_CTRL | RIGHT_CTRL)

/* ---- Keys that change what others mean ----------------------------------- */

static uint8_t modifier_of(uint8_t scan, bool extended)
{
	switch (scan) {
	case 0x2A:
		return extended ? 0 : LEFT_SHIFT;
	case 0x36:
		return extended ? 0 : RIGHT_SHIFT;
	case 0x1D:
		return extended ? RIGHT_CTRL : LEFT_CTRL;
	case 0x38:
		return extended ? RIGHT_ALT : LEFT_ALT;
	default:
		return 0;
	}
}

static uint8_t lock_of(uint8_t scan, bool extended)
{
	if (extended)
		return 0;
	switch (scan) {
	case 0x3A:
		return KEYBOARD_CAPS_LOCK;
	case 0x45:
		return KEYBOARD_NUM_LOCK;
	case 0x46:
		return KEYBOARD_SCROLL_LOCK;
	default:
		return 0;
	}
}

/* A lock changes when its key goes down, not while it is held. */
static void take_lock(struct keyboard *keyboard, uint8_t lock, bool pressed)
{
	if (pressed && !(keyboard->locks_held & lock))
		keyboard->locks ^= lock;
	if (pressed)
		keyboard->locks_held |= lock;
	else
		keyboard->locks_held &= (uint8_t)~lock;
}

static void take_modifier(struct keyboard *keyboard, uint8_t modifier,
			  bool pressed)
{
	if (pressed)
		keyboard->modifiers |= modifier;
	else
		keyboard->modifiers &= (uint8_t)~modifier;
}

/* ---- What a key means ---------------------------------------------------- */

/* Keys behind E0h, and the keypad's when it does not write digits. */
static uint8_t extended_key(uint8_t scan)
{
	static const uint8_t keys[] = {
		[0x1C] = KEY_ENTER,   [0x35] = '/',
		[0x37] = KEY_PRINT,   [0x46] = KEY_BREAK,
		[0x47] = KEY_HOME,    [0x48] = KEY_UP,
		[0x49] = KEY_PAGE_UP, [0x4B] = KEY_LEFT,
		[0x4D] = KEY_RIGHT,   [0x4F] = KEY_END,
		[0x50] = KEY_DOWN,    [0x51] = KEY_PAGE_DOWN,
		[0x52] = KEY_INSERT, [0x53] = KEY_DELETE,
	};

	return scan < sizeof(keys) ? keys[scan] : KEY_NONE;
}

static bool on_keypad(uint8_t scan)
{
	return scan >= 0x47 && scan <= 0x53 && scan != 0x4A && scan != 0x4E;
}

static uint8_t keypad_key(const struct keyboard *keyboard, uint8_t scan)
{
	static const char digits[] = "789-456+1230.";
	bool digit = keyboard->locks & KEYBOARD_NUM_LOCK;

	if (keyboard->modifiers & SHIFTS)
		digit = !digit;
	return digit ? (uint8_t)digits[scan - 0x47] : extended_key(scan);
}

static uint8_t layout_key(const struct keyboard *keyboard, uint8_t scan)
{
	const struct keyboard_layout *layout = keyboard->layout;
	uint8_t plain = layout->plain[scan];
	bool shifted = keyboard->modifiers & SHIFTS;

	if ((keyboard->modifiers & RIGHT_ALT) && layout->right_alt[scan])
		return layout->right_alt[scan];
	if (plain >= 'a' && plain <= 'z' &&
	    (keyboard->locks & KEYBOARD_CAPS_LOCK))
		shifted = !shifted;
	return shifted ? layout->shifted[scan] : plain;
}

static uint16_t with_modifiers(const struct keyboard *keyboard, uint8_t code,
			       uint8_t right_alt)
{
	uint16_t key = code;

	if (code >= KEY_ENTER && (keyboard->modifiers & SHIFTS))
		key |= KEY_SHIFT;
	if (keyboard->modifiers & CTRLS)
		key |= KEY_CTRL;
	/* A right alt that has chosen the character is used up. */
	if ((keyboard->modifiers & LEFT_ALT) ||
	    ((keyboard->modifiers & RIGHT_ALT) && code != right_alt))
		key |= KEY_ALT;
	return key;
}

static uint16_t pressed_key(const struct keyboard *keyboard, uint8_t scan,
			    bool extended)
{
	uint8_t code = KEY_NONE, right_alt = 0;

	if (extended) {
		code = extended_key(scan);
	} else if (on_keypad(scan)) {
		code = keypad_key(keyboard, scan);
	} else if (scan < KEYBOARD_SCANS) {
		code = layout_key(keyboard, scan);
		right_alt = keyboard->layout->right_alt[scan];
	}
	return code ? with_modifiers(keyboard, code, right_alt) : KEY_NONE;
}

/* ---- Bytes --------------------------------------------------------------- */

static uint16_t take_scan(struct keyboard *keyboard, uint8_t byte)
{
	bool extended = keyboard->prefix == PREFIX_E0;
	bool pressed = !(byte & RELEASED);
	uint8_t scan = byte & (uint8_t)~RELEASED;
	uint8_t modifier = modifier_of(scan, extended);
	uint8_t lock = lock_of(scan, extended);

	keyboard->prefix = 0;
	if (modifier)
		take_modifier(keyboard, modifier, pressed);
	else if (lock)
		take_lock(keyboard, lock, pressed);
	else if (pressed)
		return pressed_key(keyboard, scan, extended);
	return KEY_NONE;
}

/* The second byte behind E1h says which way Pause went. */
static uint16_t take_pause(struct keyboard *keyboard, uint8_t byte)
{
	if (--keyboard->swallow)
		return KEY_NONE;
	keyboard->prefix = 0;
	return byte & RELEASED ? KEY_NONE :
				 with_modifiers(keyboard, KEY_PAUSE, 0);
}

void keyboard_start(struct keyboard *keyboard,
		    const struct keyboard_layout *layout)
{
	memset(keyboard, 0, sizeof(*keyboard));
	keyboard->layout = layout;
	keyboard->locks = KEYBOARD_NUM_LOCK;
}

uint16_t keyboard_take(struct keyboard *keyboard, uint8_t byte)
{
	switch (byte) {
	case LOST_KEYS_SET1:
	case LOST_KEYS_SET2:
		keyboard->modifiers = 0;
		keyboard->locks_held = 0;
		keyboard->prefix = 0;
		return KEY_LOST;
	case PREFIX_E0:
		keyboard->prefix = PREFIX_E0;
		return KEY_NONE;
	case PREFIX_E1:
		keyboard->prefix = PREFIX_E1;
		keyboard->swallow = PAUSE_BYTES;
		return KEY_NONE;
	case ECHO:
		return KEY_NONE;
	default:
		if (byte >= FIRST_ANSWER)
			return KEY_NONE;
		if (keyboard->prefix == PREFIX_E1)
			return take_pause(keyboard, byte);
		return take_scan(keyboard, byte);
	}
}
