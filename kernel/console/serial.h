/*
 * serial.h - COM1: 115200 baud, 8 data bits, no parity, 1 stop bit (HW-32).
 *
 * Every wait is bounded. A port that is absent costs nothing. One that stalls,
 * as an emulator's does when nobody reads its other end, is waited for once
 * each time; what is sent from then on is lost, at a look each, until it has
 * got rid of all it had.
 */
#ifndef KERNEL_CONSOLE_SERIAL_H
#define KERNEL_CONSOLE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>

enum serial_state {
	SERIAL_ABSENT,
	SERIAL_STALLED, /* there, but takes no bytes now */
	SERIAL_READY,
};

/* Program the UART, after it has sent what others left in it; where it has
 * stalled, that is thrown away. Trusts nothing. Any context. */
enum serial_state serial_start(void);

/* The same for the panic page: where it has stalled, the first text is waited
 * for all the same. */
void serial_start_again(void);

/* Send, with \r before each \n. Context: any, but one at a time, with
 * interrupts off once COM1 receives. */
void serial_write(const char *text, size_t length);

/* Have the UART interrupt when it has received something, until serial_start()
 * is called again. Returns false if there is none that is in use. */
bool serial_start_receiving(void);

/* A received byte, or SERIAL_NOTHING. What comes while serial_write() waits is
 * kept for it, and may raise no interrupt. Context: any, but one at a time. */
#define SERIAL_NOTHING (-1)
int serial_receive(void);

/* Wait until all that was sent has left the UART. Context: as for
 * serial_write(). */
void serial_drain(void);

#endif
