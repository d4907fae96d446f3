/*
 * serial.h - COM1: 115200 baud, 8 data bits, no parity, 1 stop bit (HW-32).
 *
 * Every wait is bounded. A port that is absent costs nothing. One that stops
 * taking bytes is waited for once each time it stops; what is sent from then on
 * is lost, at a look each, until it takes bytes again.
 */
#ifndef KERNEL_CONSOLE_SERIAL_H
#define KERNEL_CONSOLE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>

/* Program the UART, after it has sent what others left in it. Trusts nothing.
 * Returns false if there is none. Any context. */
bool serial_start(void);

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
