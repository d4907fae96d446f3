/*
 * test_keyboard.c - scan codes as keyboards send them.
 */
#include <stdbool.h>

#include "cmocka_test.h"
#include "keyboard.h"
#include "random.h"

#define UP(scan) ((scan) | 0x80)
#define LEFT_SHIFT 0x2A
#define RIGHT_SHIFT 0x36
#define CTRL 0x1D
#define ALT 0x38
#define CAPS 0x3A
#define NUM 0x45
#define A 0x1E
#define ONE 0x02
#define KEYPAD_7 0x47

static struct keyboard keyboard;

static void start(void)
{
	keyboard_start(&keyboard, &keyboard_us);
}

/* Sends bytes; the keys that came out must be these, ended by KEY_NONE. */
static void expect(const uint8_t *bytes, size_t count, const uint16_t *keys)
{
	for (size_t i = 0; i < count; i++) {
		uint16_t key = keyboard_take(&keyboard, bytes[i]);

		if (key)
			assert_int_equal(key, *keys++);
	}
	assert_int_equal(*keys, KEY_NONE);
}

#define SENDS(...) ((const uint8_t[]){ __VA_ARGS__ })
#define KEYS(...) ((const uint16_t[]){ __VA_ARGS__, KEY_NONE })
#define EXPECT(sends, keys) expect(sends, sizeof(sends), keys)

static void test_every_us_character(void **state)
{
	bool seen[128] = { false };
	uint16_t key;

	(void)state;
	start();
	for (int shift = 0; shift < 2; shift++) {
		for (int scan = 1; scan < 0x7F; scan++) {
			if (scan == LEFT_SHIFT || scan == RIGHT_SHIFT ||
			    scan == CAPS)
				continue;
			key = keyboard_take(&keyboard, (uint8_t)scan);
			if (key && key < 128)
				seen[key] = true;
			key = keyboard_take(&keyboard, (uint8_t)UP(scan));
			assert_int_equal(key, KEY_NONE);
		}
		keyboard_take(&keyboard, LEFT_SHIFT);
	}
	for (int character = ' '; character <= '~'; character++)
		assert_true(seen[character]);
	for (int control = 0; control < ' '; control++)
		assert_false(seen[control]);
}

static void test_shift(void **state)
{
	(void)state;
	start();
	EXPECT(SENDS(A, UP(A), LEFT_SHIFT, A, UP(A), ONE, UP(LEFT_SHIFT), A),
	       KEYS('a', 'A', '!', 'a'));
	/* Either of them counts while it is held. */
	EXPECT(SENDS(LEFT_SHIFT, RIGHT_SHIFT, UP(LEFT_SHIFT), A,
		     UP(RIGHT_SHIFT), A),
	       KEYS('A', 'a'));
}

static void test_caps_lock(void **state)
{
	(void)state;
	start();
	assert_int_equal(keyboard.locks, KEYBOARD_NUM_LOCK);
	/* It repeats while it is held: that is one press. */
	EXPECT(SENDS(CAPS, CAPS, UP(CAPS), A, ONE), KEYS('A', '1'));
	assert_true(keyboard.locks & KEYBOARD_CAPS_LOCK);
	EXPECT(SENDS(LEFT_SHIFT, A, ONE, UP(LEFT_SHIFT)), KEYS('a', '!'));
	EXPECT(SENDS(CAPS, UP(CAPS), A), KEYS('a'));
	assert_int_equal(keyboard.locks, KEYBOARD_NUM_LOCK);
}

static void test_ctrl_and_alt(void **state)
{
	(void)state;
	start();
	EXPECT(SENDS(CTRL, A, UP(CTRL), ALT, A, UP(ALT), A),
	       KEYS('a' | KEY_CTRL, 'a' | KEY_ALT, 'a'));
	EXPECT(SENDS(0xE0, CTRL, CTRL, UP(CTRL), A, 0xE0, UP(CTRL), A),
	       KEYS('a' | KEY_CTRL, 'a'));
	EXPECT(SENDS(CTRL, ALT, 0xE0, 0x53),
	       KEYS(KEY_DELETE | KEY_CTRL | KEY_ALT));
}

/* The arrows as they come: with shift keys that nobody pressed. */
static void test_extended_keys(void **state)
{
	(void)state;
	start();
	EXPECT(SENDS(0xE0, 0x2A, 0xE0, 0x48, 0xE0, 0xC8, 0xE0, 0xAA, A),
	       KEYS(KEY_UP, 'a'));
	EXPECT(SENDS(LEFT_SHIFT, 0xE0, 0xAA, 0xE0, 0x4B, 0xE0, 0xCB, 0xE0, 0x2A,
		     A, UP(LEFT_SHIFT)),
	       KEYS(KEY_LEFT | KEY_SHIFT, 'A'));
	EXPECT(SENDS(0xE0, 0x47, 0xE0, 0x4F, 0xE0, 0x53, 0xE0, 0x1C, 0xE0, 0x35,
		     0xE0, 0x5B, 0xE0, 0x37),
	       KEYS(KEY_HOME, KEY_END, KEY_DELETE, KEY_ENTER, '/', KEY_PRINT));
}

static void test_pause(void **state)
{
	(void)state;
	start();
	EXPECT(SENDS(0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5, A),
	       KEYS(KEY_PAUSE, 'a'));
	assert_int_equal(keyboard.locks, KEYBOARD_NUM_LOCK);
	EXPECT(SENDS(CTRL, 0xE0, 0x46, 0xE0, 0xC6, UP(CTRL), A),
	       KEYS(KEY_BREAK | KEY_CTRL, 'a'));
}

static void test_keypad(void **state)
{
	(void)state;
	start();
	EXPECT(SENDS(KEYPAD_7, 0x48, 0x53), KEYS('7', '8', '.'));
	EXPECT(SENDS(NUM, UP(NUM), KEYPAD_7, 0x48, 0x4C, 0x53, 0x4A, 0x4E),
	       KEYS(KEY_HOME, KEY_UP, KEY_DELETE, '-', '+'));
	EXPECT(SENDS(LEFT_SHIFT, KEYPAD_7, UP(LEFT_SHIFT)), KEYS('7'));
}

/* Self-test, ACK, echo, resend are answers; 00 and FF say keys were lost. */
static void test_what_is_no_key(void **state)
{
	(void)state;
	start();
	EXPECT(SENDS(0xAA, 0xFA, 0xEE, 0xFE, A), KEYS('a'));
	EXPECT(SENDS(0xE0, 0xFA, 0x48), KEYS(KEY_UP));
	EXPECT(SENDS(LEFT_SHIFT, CTRL, 0xFF, A), KEYS(KEY_LOST, 'a'));
	EXPECT(SENDS(LEFT_SHIFT, CTRL, 0x00, A), KEYS(KEY_LOST, 'a'));
	EXPECT(SENDS(0x7F, 0x59, 0xE0, 0x7F, A), KEYS('a'));
}

/* Some of the German keys, to see what a layout can say. */
static void test_another_layout(void **state)
{
	static const struct keyboard_layout german = {
		.name = "de",
		.plain = { [0x15] = 'z', [0x2C] = 'y', [0x08] = '7' },
		.shifted = { [0x15] = 'Z', [0x2C] = 'Y', [0x08] = '/' },
		.right_alt = { [0x08] = '{' },
	};

	(void)state;
	keyboard_start(&keyboard, &german);
	EXPECT(SENDS(0x15, 0x2C, CAPS, UP(CAPS), 0x15, 0x08),
	       KEYS('z', 'y', 'Z', '7'));
	EXPECT(SENDS(0xE0, ALT, 0x08, 0x15, 0xE0, UP(ALT), 0x08),
	       KEYS('{', 'Z' | KEY_ALT, '7'));
}

/* Whatever comes, what comes out is a key, and keys let go are let go. */
static void test_garbage(void **state)
{
	struct random rng = { 1 };
	uint16_t key;
	uint8_t code;

	(void)state;
	start();
	for (int i = 0; i < 1000000; i++) {
		key = keyboard_take(&keyboard,
				    (uint8_t)random_below(&rng, 256));
		code = (uint8_t)key;
		assert_true(key == KEY_NONE || key == KEY_LOST ||
			    (code >= ' ' && code <= '~') ||
			    (code >= KEY_ENTER && code <= KEY_F12));
	}
	for (int scan = 0; scan < 0x7F; scan++)
		EXPECT(SENDS((uint8_t)UP(scan), 0xE0, (uint8_t)UP(scan)),
		       KEYS(KEY_NONE));
	assert_int_equal(keyboard.modifiers, 0);
	assert_int_equal(keyboard.locks_held, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_us_character),
		cmocka_unit_test(test_shift),
		cmocka_unit_test(test_caps_lock),
		cmocka_unit_test(test_ctrl_and_alt),
		cmocka_unit_test(test_extended_keys),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_keypad),
		cmocka_unit_test(test_what_is_no_key),
		cmocka_unit_test(test_another_layout),
		cmocka_unit_test(test_garbage),
	};

	return cmocka_run_group_tests_name("keyboard", tests, NULL, NULL);
}
