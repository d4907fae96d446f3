/*
 * test_serial.c - COM1's own UART sends to itself: does it lose bytes where the
 * driver reports a loss?
 */
#include "kernel/device/serial.h"
#include "kernel/device/uart.h"
#include "kernel/test/test.h"

#define MCR_LOOP 0x10 /* what is sent is received, and does not leave */
#define SENT 20	      /* more than a FIFO keeps */

/* Nothing is received meanwhile: the UART keeps what it can. */
static void send_to_ourselves(void)
{
	uart_write(UART_MCR, MCR_LOOP);
	for (uint8_t byte = 0; byte < SENT; byte++) {
		uart_write(UART_DATA, byte);
		serial_drain();
	}
}

/* What must have come of it: the first ones, or without a FIFO the last. The
 * gap is before or behind the last that was kept. */
static bool received_is_right(void)
{
	int kept = (int)uart_fifo;
	int first = kept == 1 ? SENT - 1 : 0;

	for (int byte = 0; byte < kept - 1; byte++)
		if (serial_receive() != first + byte)
			return false;
	return serial_receive() == SERIAL_LOST &&
	       serial_receive() == first + kept - 1 &&
	       serial_receive() == SERIAL_LOST &&
	       serial_receive() == SERIAL_NOTHING;
}

/* Nothing may be printed meanwhile. */
TEST(serial_tells_where_bytes_are_lost)
{
	uint64_t before = serial_counts()->overruns;
	bool right, emptied;

	if (serial_start() == SERIAL_ABSENT)
		return;
	send_to_ourselves();
	serial_start_receiving();
	emptied = serial_fetch();
	right = received_is_right();
	serial_start();
	EXPECT(emptied);
	EXPECT(right);
	EXPECT(serial_counts()->overruns > before);
}
