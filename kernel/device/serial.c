/*
 * serial.c - COM1: starting it, and sending.
 */
#include "kernel/device/serial.h"

#include "kernel/device/uart.h"

/* A full FIFO takes 1.4 ms, some thousand polls. An emulator's port waits for
 * the program at its other end, which may be busy: some seconds. */
#define POLLS_MAX 0x400000
#define SEND_LOOKS 8 /* in one serial_send() */

size_t uart_fifo;

static bool uart_tried; /* to start it */
static bool uart_stuck; /* it has stopped taking bytes */
static bool cr_sent; /* before the line feed that comes next */
static unsigned int uart_looks; /* since it was ready last */

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
	uart_tried = true;
	uart_stuck = cr_sent = false;
	uart_looks = 0;
	uart_receive_stop();
	if (!uart_present())
		return SERIAL_ABSENT;
	uart_stuck = !uart_wait(UART_LSR_TEMT, POLLS_MAX);
	uart_program();
	uart_fifo = uart_read(UART_IIR) >= UART_IIR_FIFO ? UART_FIFO_SIZE : 1;
	return uart_stuck ? SERIAL_STALLED : SERIAL_READY;
}

void serial_start_again(void)
{
	serial_start();
	uart_stuck = false;
}

bool uart_is_started(void)
{
	if (!uart_tried)
		serial_start();
	return uart_fifo;
}

/* What is sent is cut into pieces of what the UART takes at once. */
struct piece {
	char bytes[UART_FIFO_SIZE];
	size_t used;
	size_t length; /* of the text that it stands for */
	bool cr_sent; /* of a line feed that the next piece begins with */
};

static struct piece uart_cut(const char *text, size_t length, size_t room)
{
	struct piece piece = { .cr_sent = cr_sent };

	while (piece.length < length && piece.used < room) {
		bool before = text[piece.length] == '\n' && !piece.cr_sent;

		piece.bytes[piece.used++] = before ? '\r' : text[piece.length];
		piece.cr_sent = before;
		piece.length += !before;
	}
	return piece;
}

/* One look at the UART. Returns whether it is ready, or time is up: then
 * `stuck` is set. After the first time-out one look for each piece, until the
 * UART has got rid of all it had: then its other end reads again. */
static bool uart_look(void)
{
	uint8_t status = uart_status();

	if (uart_stuck)
		uart_stuck = !(status & UART_LSR_TEMT);
	else if (!(status & UART_LSR_THRE) && ++uart_looks < POLLS_MAX)
		return false;
	else
		uart_stuck = !(status & UART_LSR_THRE);
	uart_looks = 0;
	return true;
}

/* Returns how many characters of the text are done with: 0: not ready yet. */
static size_t uart_send(const char *text, size_t length)
{
	struct piece piece;

	if (!uart_look())
		return 0;
	piece = uart_cut(text, length, uart_stuck ? UART_FIFO_SIZE : uart_fifo);
	if (uart_stuck)
		uart_counts.unsent += piece.used;
	else
		port_write_all(COM1 + UART_DATA, piece.bytes, piece.used);
	cr_sent = piece.cr_sent;
	return piece.length;
}

size_t serial_send(const char *text, size_t length)
{
	size_t sent = 0;

	if (!uart_fifo)
		return length;
	for (int i = 0; i < SEND_LOOKS && sent < length; i++)
		sent += uart_send(text + sent, length - sent);
	return sent;
}

void serial_write(const char *text, size_t length)
{
	while (length) {
		size_t sent = serial_send(text, length);

		text += sent;
		length -= sent;
	}
}

void serial_drain(void)
{
	if (uart_fifo)
		uart_stuck =
			!uart_wait(UART_LSR_TEMT, uart_stuck ? 1 : POLLS_MAX);
}
