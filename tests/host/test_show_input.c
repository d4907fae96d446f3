/*
 * test_show_input.c - each kind of loss, in its words.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmocka_test.h"
#include "kernel/console/kprintf.h"
#include "kernel/device/serial.h"
#include "kernel/input/input.h"

static struct serial_counts com1;
static struct input_counts keys;
static char said[1024];

const struct serial_counts *serial_counts(void)
{
	return &com1;
}

const struct input_counts *input_counts(void)
{
	return &keys;
}

int kprintf(const char *format, ...)
{
	size_t used = strlen(said);
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(said + used, sizeof(said) - used, format, args);
	va_end(args);
	return length;
}

static void expect(const char *words)
{
	said[0] = '\0';
	input_report_losses();
	assert_string_equal(said, words);
	said[0] = '\0';
	input_report_losses();
	assert_string_equal(said, "");
}

static void test_words(void **state)
{
	(void)state;
	expect("");
	com1.received = keys.keys = com1.unsent = 7;
	expect("");
	com1.early = 1;
	expect("input lost: it came on COM1 before the kernel listened, "
	       "1 byte\n");
	com1.overruns = 3;
	expect("input lost: COM1 was full, 3 times: let its sender use RTS/CTS "
	       "flow control\n");
	com1.damaged = 2;
	expect("input lost: no stop bit on COM1, 2 bytes: is its other end set "
	       "to 115200 8N1?\n");
	keys.broken_off = 1;
	expect("input lost: an escape sequence on COM1 had no end, 1 time\n");
	keys.cut = 1;
	expect("input lost: ctrl-C on the keyboard cut a line from COM1, "
	       "1 time\n");
	keys.keyboard_full = 1;
	expect("input lost: the keyboard was full, 1 time\n");
	keys.queue_full = 20;
	expect("input lost: too many keys were waiting already, 20 keys\n");
}

/* What is new since the last time, not all. */
static void test_differences(void **state)
{
	(void)state;
	com1.overruns = 10;
	input_report_losses();
	com1.overruns++;
	keys.queue_full++;
	expect("input lost: COM1 was full, 1 time: let its sender use RTS/CTS "
	       "flow control\n"
	       "input lost: too many keys were waiting already, 1 key\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_differences),
	};

	return cmocka_run_group_tests_name("show_input", tests, NULL, NULL);
}
