/*
 * serial_receive.c - what comes in at COM1, and where something is missing.
 */
#include "kernel/device/serial.h"
#include "kernel/device/uart.h"

#define RING 1024 /* entries: bytes, and SERIAL_LOST */
#define HOLD 768 /* used: RTS goes down; senders do not stop at once */
#define RESUME 256 /* used: it goes up again */
#define ROOM_NEEDED 2 /* for a byte, and a loss before it */
#define CLEAR_MAX 64 /* bytes; with more the UART is broken */

#define DAMAGED (UART_LSR_PARITY | UART_LSR_FRAMING)

struct serial_counts uart_counts;

static uint16_t com1_ring[RING];
static uint32_t ring_taken, ring_filled; /* counted for ever */
static bool uart_receiving;
static bool uart_rts_down; /* RTS is down */
static bool uart_interrupt_off; /* the interrupt is off, too */

/* Errors that the status register has reported for bytes that are still in the
 * UART. */
static uint32_t uart_gaps; /* bit n: some are lost behind the next n */
static uint8_t uart_errors; /* of the next one */

/* ---- The ring ------------------------------------------------------------ */

static void ring_put(uint16_t entry)
{
	com1_ring[ring_filled++ % RING] = entry;
}

/* One SERIAL_LOST stands for all bytes that are lost in its place. */
static void ring_put_loss(void)
{
	if (ring_filled == ring_taken ||
	    com1_ring[(ring_filled - 1) % RING] != SERIAL_LOST)
		ring_put(SERIAL_LOST);
}

static bool ring_has_room(void)
{
	return ring_filled - ring_taken <= RING - ROOM_NEEDED;
}

/* ---- Flow control, and our interrupt ------------------------------------- */

static void uart_show_rts(void)
{
	uart_write(UART_MCR, UART_MCR_DTR | (uart_rts_down ? 0 : UART_MCR_RTS) |
				     (uart_receiving ? UART_MCR_OUT2 : 0));
}

/* Bytes that stay in the UART keep its line up: one that is level-triggered
 * would interrupt for ever, one that is edge-triggered never again. So the
 * interrupt is off as long as there is no room; switching it on is an edge. */
static void uart_hold_back(void)
{
	if (!uart_rts_down && ring_filled - ring_taken >= HOLD) {
		uart_rts_down = true;
		uart_show_rts();
	}
	if (!uart_interrupt_off && !ring_has_room()) {
		uart_interrupt_off = true;
		uart_write(UART_IER, 0);
	}
}

static void uart_resume(void)
{
	if (ring_filled - ring_taken > RESUME)
		return;
	if (uart_rts_down) {
		uart_rts_down = false;
		uart_show_rts();
	}
	if (uart_interrupt_off) {
		uart_interrupt_off = false;
		uart_write(UART_IER, UART_IER_RECEIVED);
	}
}

/* ---- The UART ------------------------------------------------------------ */

/* An overrun: the FIFO was full, and at most one byte of it was read since, as
 * the status is read before each. So the gap is behind its last byte or the one
 * before that. Without a FIFO the byte has replaced one, so the gap may as well
 * be before it. */
static void uart_note_errors(uint8_t status)
{
	uart_errors |= status & (DAMAGED | UART_LSR_BREAK);
	if (status & UART_LSR_OVERRUN && uart_fifo) {
		uart_counts.overruns++;
		uart_gaps |= 1U << uart_fifo | 1U << (uart_fifo - 1);
	}
}

/* A break is no byte, though one is read for it: 0. */
static void uart_take_byte(void)
{
	uint8_t byte = uart_read(UART_DATA);

	uart_counts.received++;
	if (uart_gaps & 1)
		ring_put_loss();
	uart_gaps >>= 1;
	if (uart_errors & DAMAGED && !(uart_errors & UART_LSR_BREAK)) {
		uart_counts.damaged++;
		ring_put_loss();
	} else {
		ring_put(byte);
	}
	uart_errors = 0;
}

uint8_t uart_status(void)
{
	uint8_t status = uart_read(UART_LSR);

	if (status == UART_ABSENT)
		return status & (uint8_t)~UART_LSR_DATA;
	uart_note_errors(status);
	if (!uart_receiving || !ring_has_room())
		return status;
	if (status & UART_LSR_DATA) {
		uart_take_byte();
	} else if (uart_gaps) {
		ring_put_loss();
		uart_gaps = 0;
	}
	uart_hold_back();
	return status;
}

void uart_receive_stop(void)
{
	uart_receiving = false;
	uart_rts_down = true; /* until the kernel receives */
	uart_interrupt_off = false;
	ring_taken = ring_filled = 0;
	uart_gaps = uart_errors = 0;
}

void uart_receive_clear(void)
{
	for (unsigned int bytes = 0; bytes < CLEAR_MAX; bytes++) {
		uint8_t status = uart_read(UART_LSR);

		if (status & UART_LSR_OVERRUN)
			uart_counts.early++; /* that, or more */
		if (!(status & UART_LSR_DATA))
			break;
		uart_read(UART_DATA);
		uart_counts.early++;
	}
	uart_gaps = uart_errors = 0;
	uart_show_rts();
}

/* ---- For the kernel ------------------------------------------------------ */

/* The first line may lack its beginning. */
bool serial_start_receiving(void)
{
	if (!uart_is_started())
		return false;
	if (uart_counts.early)
		ring_put_loss();
	uart_receiving = true;
	uart_rts_down = false;
	uart_write(UART_IER, UART_IER_RECEIVED);
	uart_show_rts();
	return true;
}

bool serial_fetch(void)
{
	if (!uart_receiving)
		return true;
	while (ring_has_room())
		if (!(uart_status() & UART_LSR_DATA))
			return true;
	return false;
}

int serial_receive(void)
{
	int entry;

	if (ring_taken == ring_filled)
		return SERIAL_NOTHING;
	entry = com1_ring[ring_taken++ % RING];
	uart_resume();
	return entry;
}

const struct serial_counts *serial_counts(void)
{
	return &uart_counts;
}
