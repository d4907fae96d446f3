/*
 * uart.h - COM1's UART, for those who share it: serial.c sends,
 * serial_receive.c receives. Others use serial.h.
 *
 * Registers are those of the 16550's data sheet; what the loader uses too is in
 * lib/boot/x86.h. Context: as serial.h says.
 */
#ifndef KERNEL_DEVICE_UART_H
#define KERNEL_DEVICE_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/x86.h"
#include "x86/port.h"

#define UART_IIR 2 /* read; FCR when written */
#define UART_IIR_FIFO 0xC0
#define UART_FCR_ON_AND_EMPTY 0x7 /* and an interrupt for each byte */
#define UART_IER_RECEIVED 0x1
#define UART_MCR_OUT2 0x8	/* on a PC: lets the interrupt through */
#define UART_LSR_PARITY 0x4	/* of the byte that is next */
#define UART_LSR_FRAMING 0x8	/* no stop bit */
#define UART_LSR_BREAK 0x10	/* no byte: the line stayed at 0 */
#define UART_LSR_TEMT 0x40	/* the last stop bit has left */
#define UART_SCRATCH 7
#define UART_FIFO_SIZE 16
#define UART_ABSENT 0xFF /* an empty bus */

static inline void uart_write(uint16_t reg, uint8_t value)
{
	port_write(COM1 + reg, value);
}

static inline uint8_t uart_read(uint16_t reg)
{
	return port_read(COM1 + reg);
}

/* Bytes that it takes, and keeps, at once: 1 or UART_FIFO_SIZE; 0: no port. */
extern size_t uart_fifo;

struct serial_counts; /* serial.h */
extern struct serial_counts uart_counts;

/* Whether there is a port; it is started if it was not. */
bool uart_is_started(void);

/* The line status register. Reading it clears its bits for lost and damaged
 * bytes, so it is read here only. If it reports a byte, COM1 receives, and
 * there is room, the byte has been moved into the ring. */
uint8_t uart_status(void);

/* Two steps of serial_start(): receive nothing from now on; throw away what has
 * come for others, once the port is known to be there. */
void uart_receive_stop(void);
void uart_receive_clear(void);

#endif
