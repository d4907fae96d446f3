/*
 * serial.c - COM1: starting it, and sending.
 */
#include "kernel/device/serial.h"

#include "kernel/device/uart.h"

/* A full FIFO takes 1.4 ms, some thousand polls. An emulator's port waits for
 * whoever reads the other end, which may be busy: some seconds. */
#define POLLS_MAX 0x400000

size_t uart_fifo;

static bool tried; /* to start it */
static bool stuck; /* it has stopped taking bytes */

static bool uart_wait(uint8_t bits, unsigned int polls)
{
	while (polls--)
		if (uart_status() & bits)
			return true;
	return false;
}

/* The scratch register keeps what is written, an empty bus does not. */
static bool uart_present(void)
{
	static const uint8_t patterns[] = { 0x55, 0xAA };

	for (unsigned int i = 0; i < sizeof(patterns); i++) {
		uart_write(UART_SCRATCH, patterns[i]);
		if (uart_read(UART_SCRATCH) != patterns[i])
			return false;
	}
	return true;
}

static void uart_program(void)
{
	uart_write(UART_LCR, UART_LCR_DLAB);
	uart_write(UART_DATA, UART_DIVISOR & 0xFF);
	uart_write(UART_IER, UART_DIVISOR >> 8);
	uart_write(UART_LCR, UART_LCR_8N1);
	uart_write(UART_IER, 0);
	uart_receive_clear();
	uart_write(UART_FCR, UART_FCR_ON_AND_EMPTY);
}

enum serial_state serial_start(void)
{
	uart_fifo = 0;
	tried = true;
	stuck = false;
	uart_receive_stop();
	if (!uart_present())
		return SERIAL_ABSENT;
	stuck = !uart_wait(UART_LSR_TEMT, POLLS_MAX);
	uart_program();
	uart_fifo = uart_read(UART_IIR) >= UART_IIR_FIFO ? UART_FIFO_SIZE : 1;
	return stuck ? SERIAL_STALLED : SERIAL_READY;
}

void serial_start_again(void)
{
	serial_start();
	stuck = false;
}

bool uart_is_started(void)
{
	if (!tried)
		serial_start();
	return uart_fifo;
}

/* After the first time-out only one look for each wait, until the UART has got
 * rid of all it had: then somebody reads again. */
static bool uart_wait_patiently(uint8_t bits)
{
	if (stuck)
		stuck = !uart_wait(UART_LSR_TEMT, 1);
	else
		stuck = !uart_wait(bits, POLLS_MAX);
	return !stuck;
}

/* An empty transmitter takes a FIFO's worth without being asked in between. */
static void uart_send(const char *text, size_t length)
{
	while (length) {
		size_t now = length < uart_fifo ? length : uart_fifo;

		if (!uart_wait_patiently(UART_LSR_THRE)) {
			uart_counts.unsent += length;
			return;
		}
		port_write_all(COM1 + UART_DATA, text, now);
		text += now;
		length -= now;
	}
}

void serial_write(const char *text, size_t length)
{
	char out[2 * UART_FIFO_SIZE];
	size_t used = 0;

	if (!uart_fifo)
		return;
	for (; length; text++, length--) {
		if (*text == '\n')
			out[used++] = '\r';
		out[used++] = *text;
		if (used >= UART_FIFO_SIZE) {
			uart_send(out, UART_FIFO_SIZE);
			used -= UART_FIFO_SIZE;
			out[0] = out[UART_FIFO_SIZE];
		}
	}
	uart_send(out, used);
}

void serial_drain(void)
{
	if (uart_fifo)
		uart_wait_patiently(UART_LSR_TEMT);
}
