#include "kernel/console/serial.h"

#include <stdint.h>

#include "boot/x86.h"
#include "x86/port.h"

/* 16550 data sheet; what the loader uses too is in lib/boot/x86.h. */
#define UART_IIR 2 /* read; FCR when written */
#define UART_IIR_FIFO 0xC0
#define UART_FCR_ON_AND_EMPTY 0x7
#define UART_LSR_TEMT 0x40 /* the last stop bit has left */
#define UART_SCRATCH 7
#define UART_LSR_DR 0x1 /* a byte is there */
#define UART_IER_RECEIVED 0x1
#define UART_MCR_OUT2 0x8 /* on a PC: lets the interrupt through */
#define UART_FIFO_SIZE 16

/* A full FIFO takes 1.4 ms, some thousand polls. An emulator's port waits for
 * whoever reads the other end, which may be busy: some seconds. */
#define POLLS_MAX 0x400000

#define KEPT 1024 /* bytes, more than come while one line is printed */

static size_t burst; /* bytes the UART takes at once; 0: no port */
static bool receiving;
static bool stuck; /* it has stopped taking bytes */

/* What came while something was sent: interrupts are off then, and a UART
 * itself keeps 16 bytes. Counted for ever. */
static uint8_t kept[KEPT];
static size_t kept_taken, kept_put;

static void uart_write(uint16_t reg, uint8_t value)
{
	port_write(COM1 + reg, value);
}

static void keep(uint8_t byte)
{
	if (kept_put - kept_taken < KEPT)
		kept[kept_put++ % KEPT] = byte;
}

static bool uart_wait(uint8_t bits, unsigned int polls)
{
	while (polls--) {
		uint8_t status = port_read(COM1 + UART_LSR);

		if (receiving && status & UART_LSR_DR)
			keep(port_read(COM1 + UART_DATA));
		if (status & bits)
			return true;
	}
	return false;
}

/* The scratch register keeps what is written, an empty bus does not. */
static bool uart_present(void)
{
	static const uint8_t patterns[] = { 0x55, 0xAA };

	for (unsigned int i = 0; i < sizeof(patterns); i++) {
		uart_write(UART_SCRATCH, patterns[i]);
		if (port_read(COM1 + UART_SCRATCH) != patterns[i])
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
	uart_write(UART_FCR, UART_FCR_ON_AND_EMPTY);
	uart_write(UART_MCR, UART_MCR_DTR_RTS);
}

enum serial_state serial_start(void)
{
	burst = 0;
	receiving = false;
	stuck = false;
	if (!uart_present())
		return SERIAL_ABSENT;
	stuck = !uart_wait(UART_LSR_TEMT, POLLS_MAX);
	uart_program();
	burst = port_read(COM1 + UART_IIR) >= UART_IIR_FIFO ? UART_FIFO_SIZE :
							      1;
	return stuck ? SERIAL_STALLED : SERIAL_READY;
}

void serial_start_again(void)
{
	serial_start();
	stuck = false;
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

/* An empty transmitter takes `burst` bytes without being asked in between. */
static void uart_send(const char *text, size_t length)
{
	while (length) {
		size_t now = length < burst ? length : burst;

		if (!uart_wait_patiently(UART_LSR_THRE))
			return;
		port_write_all(COM1 + UART_DATA, text, now);
		text += now;
		length -= now;
	}
}

void serial_write(const char *text, size_t length)
{
	char out[2 * UART_FIFO_SIZE];
	size_t used = 0;

	if (!burst)
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
	if (burst)
		uart_wait_patiently(UART_LSR_TEMT);
}

bool serial_start_receiving(void)
{
	if (!burst)
		return false;
	uart_write(UART_MCR, UART_MCR_DTR_RTS | UART_MCR_OUT2);
	uart_write(UART_IER, UART_IER_RECEIVED);
	receiving = true;
	return true;
}

int serial_receive(void)
{
	if (kept_taken != kept_put)
		return kept[kept_taken++ % KEPT];
	if (!receiving || !(port_read(COM1 + UART_LSR) & UART_LSR_DR))
		return SERIAL_NOTHING;
	return port_read(COM1 + UART_DATA);
}
