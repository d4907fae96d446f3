/*
 * test_diag_console.c - the diagnostics' keys, from a keyboard without any and
 * a UART that keeps one byte. (HW-52)
 */
#include <string.h>

#include "boot/x86.h"
#include "cmocka_test.h"
#include "diag/console.h"
#include "diag/door.h"

/* Stage 2's routines, told apart by their addresses. */
#define ROUTINE(name) stage2_routine stage2_##name = #name
ROUTINE(text_mode_ensure);
ROUTINE(ports_putc);
ROUTINE(key_read);
ROUTINE(serial_read);
ROUTINE(serial_lost);
ROUTINE(bios_call);
stage2_variable stage2_serial_alive = "";
stage2_variable stage2_debugcon_alive = "";

static const char *coming; /* on the line, one at each look if it is urgent */
static bool urgent;
static uint8_t kept;
static bool has_byte, overrun, lost;
static char sent[4096];

static void bring(void)
{
	if (!*coming)
		return;
	overrun |= has_byte;
	has_byte = true;
	kept = (uint8_t)*coming++;
}

/* As the port's status is read: what it says of lost bytes, it says once. */
static void look(void)
{
	if (urgent || !has_byte)
		bring();
	lost |= overrun;
	overrun = false;
}

static void put(char c)
{
	look();
	sent[strlen(sent)] = c;
	/* Who reads the words presses another key. */
	if (c == ']')
		coming = "R";
}

static bool take(uint32_t *byte)
{
	bool came;

	look();
	came = has_byte;
	has_byte = false;
	*byte = kept;
	return came;
}

void door_call(stage2_routine routine, uint32_t word,
	       struct registers *registers)
{
	bool carry = false;

	(void)word;
	if (routine == stage2_key_read) {
		carry = true;
	} else if (routine == stage2_serial_read) {
		carry = !take(&registers->eax);
	} else if (routine == stage2_serial_lost) {
		carry = lost;
		lost = false;
	} else if (routine == stage2_ports_putc) {
		put((char)registers->eax);
	}
	registers->flags = carry ? EFLAGS_CF : 0;
}

static int setup(void **state)
{
	(void)state;
	memset(sent, 0, sizeof(sent));
	has_byte = overrun = lost = urgent = false;
	coming = "";
	console_open();
	return 0;
}

static void test_keys(void **state)
{
	(void)state;
	coming = "Ab";
	assert_int_equal(console_key(), 'a');
	assert_int_equal(console_key(), 'b');
	assert_string_equal(sent, "");
}

/* While a page is sent, more keys come than are kept. */
static void test_lost_keys(void **state)
{
	(void)state;
	coming = "123b";
	urgent = true;
	console_send("a page");
	urgent = false;
	assert_int_equal(console_key(), 'r');
	assert_non_null(strstr(sent, "a page[Keys came too fast on COM1 and "
				     "were lost: please press one again.]"));
}

static void test_one_key_ahead(void **state)
{
	(void)state;
	coming = "b";
	urgent = true;
	console_send("a page");
	assert_int_equal(console_key(), 'b');
	assert_string_equal(sent, "a page");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_keys, setup),
		cmocka_unit_test_setup(test_lost_keys, setup),
		cmocka_unit_test_setup(test_one_key_ahead, setup),
	};

	return cmocka_run_group_tests_name("diag_console", tests, NULL, NULL);
}
