/*
 * serial_receive.c - what comes in at COM1, and where something is missing.
 */
#include "kernel/device/serial.h"
#include "kernel/device/uart.h"

#define RING 1024      /* entries: bytes, and SERIAL_LOST */
#define HOLD 768       /* used: RTS goes down; senders do not stop at once */
#define RESUME 256     /* used: it goes up again */
#define ROOM_NEEDED 2  /* for a byte, and a loss before it */
#define CLEAR_MAX 64   /* bytes; more is a UART gone wild */

#define DAMAGED (UART_LSR_PARITY | UART_LSR_FRAMING)

struct serial_counts uart_counts;

static uint16_t ring[RING];
static uint32_t taken, put; /* counted for ever */
static bool receiving;
static bool held; /* RTS is down */
static bool full; /* the interrupt is off, too */

/* What the status register has said of bytes that are still in the UART. */
static uint32_t gaps;  /* bit n: some are lost behind the next n */
static uint8_t errors; /* of the next one */

/* ---- The ring ------------------------------------------------------------ */

static void put_entry(uint16_t entry)
{
	ring[put++ % RING] = entry;
}

/* One stands for all that is lost at its place. */
static void put_loss(void)
{
	if (put == taken || ring[(put - 1) % RING] != SERIAL_LOST)
		put_entry(SERIAL_LOST);
}

static bool has_room(void)
{
	return put - taken <= RING - ROOM_NEEDED;
}

/* ---- The sender, and our interrupt --------------------------------------- */

static void show_rts(void)
{
	uart_write(UART_MCR, UART_MCR_DTR | (held ? 0 : UART_MCR_RTS) |
				     (receiving ? UART_MCR_OUT2 : 0));
}

/* Bytes that stay in the UART keep its line up: one that is level-triggered
 * would interrupt for ever, one that is edge-triggered never again. So the
 * interrupt is off as long as there is no room; switching it on is an edge. */
static void hold_back(void)
{
	if (!held && put - taken >= HOLD) {
		held = true;
		show_rts();
	}
	if (!full && !has_room()) {
		full = true;
		uart_write(UART_IER, 0);
	}
}

static void go_on(void)
{
	if (put - taken > RESUME)
		return;
	if (held) {
		held = false;
		show_rts();
	}
	if (full) {
		full = false;
		uart_write(UART_IER, UART_IER_RECEIVED);
	}
}

/* ---- The UART ------------------------------------------------------------ */

/* An overrun: the FIFO was full, and at most one byte of it was read since, as
 * the status is read before each. So the gap is behind its last byte or the one
 * before that. Without a FIFO the byte has replaced one, so the gap may as well
 * be before it. */
static void note_errors(uint8_t status)
{
	errors |= status & (DAMAGED | UART_LSR_BREAK);
	if (status & UART_LSR_OVERRUN && uart_fifo) {
		uart_counts.overruns++;
		gaps |= 1U << uart_fifo | 1U << (uart_fifo - 1);
	}
}

/* A break is no byte, though one is read for it: 0. */
static void take_byte(void)
{
	uint8_t byte = uart_read(UART_DATA);

	uart_counts.received++;
	if (gaps & 1)
		put_loss();
	gaps >>= 1;
	if (errors & DAMAGED && !(errors & UART_LSR_BREAK)) {
		uart_counts.damaged++;
		put_loss();
	} else {
		put_entry(byte);
	}
	errors = 0;
}

uint8_t uart_status(void)
{
	uint8_t status = uart_read(UART_LSR);

	if (status == UART_ABSENT)
		return status & (uint8_t)~UART_LSR_DATA;
	note_errors(status);
	if (!receiving || !has_room())
		return status;
	if (status & UART_LSR_DATA) {
		take_byte();
	} else if (gaps) {
		put_loss();
		gaps = 0;
	}
	hold_back();
	return status;
}

void uart_receive_stop(void)
{
	receiving = false;
	held = true; /* until somebody listens */
	full = false;
	taken = put = 0;
	gaps = errors = 0;
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
	gaps = errors = 0;
	show_rts();
}

/* ---- For the kernel ------------------------------------------------------ */

/* The first line may lack its beginning. */
bool serial_start_receiving(void)
{
	if (!uart_is_started())
		return false;
	if (uart_counts.early)
		put_loss();
	receiving = true;
	held = false;
	uart_write(UART_IER, UART_IER_RECEIVED);
	show_rts();
	return true;
}

bool serial_fetch(void)
{
	if (!receiving)
		return true;
	while (has_room())
		if (!(uart_status() & UART_LSR_DATA))
			return true;
	return false;
}

int serial_receive(void)
{
	int entry;

	if (taken == put)
		return SERIAL_NOTHING;
	entry = ring[taken++ % RING];
	go_on();
	return entry;
}

const struct serial_counts *serial_counts(void)
{
	return &uart_counts;
}
