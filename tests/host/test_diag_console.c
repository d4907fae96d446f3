/*
 * test_diag_console.c - the diagnostics' keys, from a BIOS without any and a
 * UART that keeps one byte. (HW-52)
 */
#include <string.h>

#include "boot/x86.h"
#include "cmocka_test.h"
#include "diag/bios.h"
#include "diag/console.h"
#include "fake_port.h"

static const char *coming; /* on the line, one at each look if it is urgent */
static bool urgent;
static uint8_t kept;
static bool has_byte, overrun;
static char sent[4096];

void bios_call(uint8_t vector, struct bios_registers *registers)
{
	registers->flags = EFLAGS_ZF;
	if (vector == INT_VIDEO)
		registers->eax = CONSOLE_COLUMNS << 8 | 3;
}

static void bring(void)
{
	if (!*coming)
		return;
	overrun |= has_byte;
	has_byte = true;
	kept = (uint8_t)*coming++;
}

uint8_t port_read(uint16_t port)
{
	uint8_t status;

	if (port == COM1 + UART_DATA) {
		has_byte = false;
		return kept;
	}
	if (port != COM1 + UART_LSR)
		return 0;
	if (urgent || !has_byte)
		bring();
	status = (uint8_t)(UART_LSR_THRE | (has_byte ? UART_LSR_DATA : 0) |
			   (overrun ? UART_LSR_OVERRUN : 0));
	overrun = false;
	return status;
}

void port_write(uint16_t port, uint8_t value)
{
	if (port == COM1 + UART_DATA)
		sent[strlen(sent)] = (char)value;
	/* Who reads the words presses another key. */
	if (port == COM1 + UART_DATA && value == ']')
		coming = "R";
}

static int setup(void **state)
{
	(void)state;
	memset(sent, 0, sizeof(sent));
	has_byte = overrun = urgent = false;
	coming = "";
	console_open();
	assert_true(console_has_serial());
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
