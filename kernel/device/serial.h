/*
 * serial.h - COM1: 115200 baud, 8 data bits, no parity, 1 stop bit (HW-32).
 *
 * Every wait is bounded. A port that is absent costs nothing. A port may stall:
 * an emulator's does when its other end is not read. After the first time-out
 * each piece of text is tried once only and lost if the port is not ready,
 * until the UART has sent all it had; then it is waited for again.
 *
 * What comes in goes from the UART, which keeps 16 bytes or 1, into a ring: by
 * its interrupt, by serial_fetch(), and while something is sent. When the ring
 * fills, RTS goes down, and a sender with hardware flow control stops; when it
 * is full, the UART keeps what it has, and interrupts again once there is room.
 * So bytes can be lost only in the UART, which reports it: that is counted, and
 * serial_receive() marks the place (HW-52).
 */
#ifndef KERNEL_DEVICE_SERIAL_H
#define KERNEL_DEVICE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum serial_state {
	SERIAL_ABSENT,
	SERIAL_STALLED, /* there, but takes no bytes now */
	SERIAL_READY,
};

/* Program the UART, after it has sent what others left in it; where it has
 * stalled, that is thrown away. Relies on no variable. Any context. */
enum serial_state serial_start(void);

/* The same for the panic page: also where it has stalled, the first text is
 * waited for. */
void serial_start_again(void);

/**
 * serial_send - send without waiting, with \r before each \n
 *
 * Looks at the UART some times. Returns how many characters of the text are
 * done with: sent, or lost and counted, as the UART took none for too long; 0:
 * it is not ready, to be called again. Context: any, but one at a time, with
 * interrupts off once COM1 receives: others use com1_send().
 */
size_t serial_send(const char *text, size_t length);

/* The same until all is done with. Context: as for serial_send(). */
void serial_write(const char *text, size_t length);

/* Wait until all that was sent has left the UART. Context: as for
 * serial_send(). */
void serial_drain(void);

/* Have the UART interrupt when it has received something, until serial_start()
 * is called again. Starts it if it was not started. Returns false if there is
 * none. */
bool serial_start_receiving(void);

/* Move what the UART has received into the ring: called by its interrupt, and
 * before the processor sleeps. Returns false if something may be left in the
 * UART: make room by serial_receive(), and call it again before sleeping.
 * Context: as for serial_send(). */
bool serial_fetch(void);

/* A byte from the ring, SERIAL_LOST where bytes are lost, or SERIAL_NOTHING.
 * Context: as for serial_send(). */
#define SERIAL_NOTHING (-1)
#define SERIAL_LOST 0x100
int serial_receive(void);

/* Since the kernel's start. */
struct serial_counts {
	uint64_t received; /* bytes */
	uint64_t early;	   /* bytes thrown away by serial_start() */
	uint64_t overruns; /* times that bytes came and the UART was full */
	uint64_t damaged;  /* bytes without stop bit: another speed, or noise */
	uint64_t unsent;   /* bytes that were not taken */
};

/* Context: any; a count that changes meanwhile may be old. */
const struct serial_counts *serial_counts(void);

/*
 * ---- COM1 for those who share it (com1.c) -----------------------------------
 *
 * The console sends, input receives. Each call holds COM1's lock, so its
 * interrupt and a processor that sends never use the UART at once. The panic
 * page does without. Context: any but NMI.
 */

/* Each as serial_...() above. */
size_t com1_send(const char *text, size_t length);
void com1_drain(void);
bool com1_start_receiving(void);
bool com1_fetch(void);
int com1_receive(void);

#endif
