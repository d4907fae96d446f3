/*
 * test_serial_send.c - kernel/device/serial.c and a 16550 whose other end
 * stops reading, and may read again (HW-32).
 */
#include <string.h>

#include "boot/x86.h"
#include "cmocka_test.h"
#include "fake_port.h"
#include "kernel/device/serial.h"

#define FIFO 16
#define LINE_POLLS 4 /* looks that a byte takes on the line */

static bool absent, has_fifo;
static bool stalled; /* nobody reads the other end */
static unsigned long polls, polls_until_read;

static uint8_t registers[8], divisor[2];
static uint8_t fifo[FIFO], shifting;
static unsigned int waiting; /* in the FIFO */
static bool is_shifting;
static unsigned int line;

static char sent[4096]; /* what the reader has got */
static size_t sent_length;

/* ---- The UART ------------------------------------------------------------ */

static void next_byte(void)
{
	is_shifting = waiting > 0;
	if (!is_shifting)
		return;
	shifting = fifo[0];
	memmove(fifo, fifo + 1, --waiting);
	line = 0;
}

static void pass_time(void)
{
	polls++;
	if (polls_until_read && polls == polls_until_read)
		stalled = false;
	if (!is_shifting || stalled || ++line < LINE_POLLS)
		return;
	assert_true(sent_length < sizeof(sent) - 1);
	sent[sent_length++] = (char)shifting;
	next_byte();
}

static uint8_t status(void)
{
	pass_time();
	return (uint8_t)((waiting ? 0 : UART_LSR_THRE) |
			 (waiting || is_shifting ? 0 : 0x40));
}

uint8_t port_read(uint16_t port)
{
	assert_true(port >= COM1 && port < COM1 + 8);
	if (absent)
		return 0xFF;
	if (port == COM1 + UART_LSR)
		return status();
	if (port == COM1 + UART_FCR) /* IIR, when read */
		return has_fifo ? 0xC1 : 0x01;
	return registers[port - COM1];
}

static void send(uint8_t byte)
{
	assert_true(waiting < (has_fifo ? FIFO : 1));
	fifo[waiting++] = byte;
	if (!is_shifting)
		next_byte();
}

void port_write(uint16_t port, uint8_t value)
{
	bool dlab = registers[UART_LCR] & UART_LCR_DLAB;

	assert_true(port >= COM1 && port < COM1 + 8);
	if (absent)
		return;
	if (dlab && port - COM1 <= UART_IER)
		divisor[port - COM1] = value;
	else if (port == COM1 + UART_DATA)
		send(value);
	else
		registers[port - COM1] = value;
	if (port == COM1 + UART_FCR && value & 4)
		waiting = 0;
}

void port_write_all(uint16_t port, const char *from, size_t count)
{
	while (count--)
		port_write(port, (uint8_t)*from++);
}

/* ---- Tests --------------------------------------------------------------- */

static int setup(void **state)
{
	(void)state;
	absent = stalled = is_shifting = false;
	has_fifo = true;
	polls = polls_until_read = 0;
	waiting = 0;
	memset(sent, 0, sizeof(sent));
	sent_length = 0;
	return 0;
}

static void write_text(const char *text)
{
	serial_write(text, strlen(text));
}

/* Until all that is on its way has arrived. */
static void wait_a_while(void)
{
	for (int i = 0; i < 1000; i++)
		pass_time();
}

static void expect(const char *text)
{
	wait_a_while();
	assert_string_equal(sent, text);
}

/* As many times as looks are allowed for one wait, and what goes with it. */
static void expect_waits(unsigned int most)
{
	static const unsigned long wait = 0x400000;

	assert_true(polls <= most * wait + 1000);
	assert_true(polls >= most * wait);
	polls = 0;
}

static void test_text(void **state)
{
	(void)state;
	assert_int_equal(serial_start(), SERIAL_READY);
	assert_int_equal(divisor[0], UART_DIVISOR);
	assert_int_equal(divisor[1], 0);
	assert_int_equal(registers[UART_LCR], UART_LCR_8N1);
	write_text("first\n");
	write_text("a line of text that is longer than a FIFO\n");
	expect("first\r\na line of text that is longer than a FIFO\r\n");
}

static void test_text_without_fifo(void **state)
{
	(void)state;
	has_fifo = false;
	assert_int_equal(serial_start(), SERIAL_READY);
	write_text("byte by byte\n");
	expect("byte by byte\r\n");
}

static void test_absent(void **state)
{
	(void)state;
	absent = true;
	assert_int_equal(serial_start(), SERIAL_ABSENT);
	write_text("x");
	serial_drain();
	assert_int_equal(polls, 0);
}

/* What others left in it arrives first. */
static void test_old_text(void **state)
{
	(void)state;
	port_write_all(COM1, "old ", 4);
	assert_int_equal(serial_start(), SERIAL_READY);
	write_text("new");
	expect("old new");
}

/* Nobody reads it when the kernel starts: that is waited for once. */
static void test_stalled_at_the_start(void **state)
{
	(void)state;
	stalled = true;
	port_write_all(COM1, "old ", 4);
	assert_int_equal(serial_start(), SERIAL_STALLED);
	expect_waits(1);
	for (int i = 0; i < 100; i++)
		write_text("this is lost\n");
	expect_waits(0);
	assert_true(serial_start_receiving());

	stalled = false;
	expect("o"); /* it was on the line already */
	write_text("this is not\n");
	expect("othis is not\r\n");
}

/* While something is sent: waited for once, each time. Of each time the first
 * FIFO's worth arrives late, the rest is lost. */
static void test_stalls_later(void **state)
{
	(void)state;
	serial_start();
	for (int round = 0; round < 2; round++) {
		write_text("heard\n");
		wait_a_while();
		stalled = true;
		polls = 0;
		for (int i = 0; i < 100; i++)
			write_text("0123456789abcd\n");
		expect_waits(1);
		serial_drain();
		expect_waits(0);
		stalled = false;
		wait_a_while();
	}
	expect("heard\r\n0123456789abcd\r\nheard\r\n0123456789abcd\r\n");
}

/* The panic page: its text is waited for, whatever was lost before. The reader
 * comes back after the old text was given up. */
static void test_panic_when_stalled(void **state)
{
	(void)state;
	serial_start();
	stalled = true;
	for (int i = 0; i < 100; i++)
		write_text("old text\n");
	polls = 0;
	serial_start_again();
	expect_waits(1);
	polls_until_read = 0x100000;
	write_text("KERNEL PANIC\n");
	write_text("the machine is stopped\n");
	serial_drain();
	/* Of the old text what was on the line already. */
	expect("oKERNEL PANIC\r\nthe machine is stopped\r\n");
}

/* And if it does not come back, that has an end, too. */
static void test_panic_that_is_not_read(void **state)
{
	(void)state;
	serial_start();
	stalled = true;
	write_text("old text\n");
	polls = 0;
	serial_start_again();
	for (int i = 0; i < 100; i++)
		write_text("KERNEL PANIC and so on\n");
	serial_drain();
	expect_waits(2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_text, setup),
		cmocka_unit_test_setup(test_text_without_fifo, setup),
		cmocka_unit_test_setup(test_absent, setup),
		cmocka_unit_test_setup(test_old_text, setup),
		cmocka_unit_test_setup(test_stalled_at_the_start, setup),
		cmocka_unit_test_setup(test_stalls_later, setup),
		cmocka_unit_test_setup(test_panic_when_stalled, setup),
		cmocka_unit_test_setup(test_panic_that_is_not_read, setup),
	};

	return cmocka_run_group_tests_name("serial send", tests, NULL, NULL);
}
