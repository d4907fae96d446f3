/*
 * test_keyboard_lights.c - keyboards that answer, late, not, or nonsense.
 */
#include "cmocka_test.h"
#include "keyboard_lights.h"

#define ACK KEYBOARD_ACK
#define RESEND KEYBOARD_RESEND
#define COMMAND KEYBOARD_SET_LIGHTS

static struct keyboard_lights lights;

static void start(void)
{
	lights = (struct keyboard_lights){ 0 };
}

static void want(uint8_t locks)
{
	assert_int_equal(keyboard_lights_want(&lights, locks), COMMAND);
}

static void answer(uint8_t byte, int next)
{
	assert_true(keyboard_lights_is_answer(byte));
	assert_int_equal(keyboard_lights_answer(&lights, byte), next);
}

static void test_good_keyboard(void **state)
{
	(void)state;
	start();
	want(4);
	answer(ACK, 4);
	answer(ACK, LIGHTS_NO_BYTE);
	want(0);
	answer(ACK, 0);
	answer(ACK, LIGHTS_NO_BYTE);
}

static void test_unasked_answers(void **state)
{
	(void)state;
	start();
	answer(ACK, LIGHTS_NO_BYTE);
	answer(RESEND, LIGHTS_NO_BYTE);
	assert_false(keyboard_lights_is_answer(0xE0));
	assert_false(keyboard_lights_is_answer(0xAA));
}

static void test_resend(void **state)
{
	(void)state;
	start();
	want(2);
	answer(RESEND, COMMAND);
	answer(ACK, 2);
	answer(RESEND, 2);
	answer(ACK, LIGHTS_NO_BYTE);
	/* Not for ever: a keyboard that does not know the command. */
	want(2);
	answer(RESEND, COMMAND);
	answer(RESEND, COMMAND);
	answer(RESEND, COMMAND);
	answer(RESEND, LIGHTS_NO_BYTE);
	answer(ACK, LIGHTS_NO_BYTE);
}

/* Who presses the key once more before the answer gets the last wish. */
static void test_hasty(void **state)
{
	(void)state;
	start();
	want(2);
	want(6);
	answer(ACK, 6);
	want(4);
	answer(ACK, 4);
	answer(ACK, LIGHTS_NO_BYTE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_keyboard),
		cmocka_unit_test(test_unasked_answers),
		cmocka_unit_test(test_resend),
		cmocka_unit_test(test_hasty),
	};

	return cmocka_run_group_tests_name("keyboard_lights", tests, NULL,
					   NULL);
}
