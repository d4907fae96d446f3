/*
 * test_serial_receive.c - kernel/device/serial_receive.c beside a UART as its
 * data sheet has it: with 16 bytes of FIFO or 1, and gone wild. (HW-52)
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "fake_port.h"
#include "kernel/device/serial.h"
#include "kernel/device/uart.h"
#include "random.h"

#define RING 1024 /* of serial_receive.c */
#define SENT_MAX 4096
#define STATUS_READS_MAX 100000000

static struct uart {
	uint8_t registers[8]; /* as written: IER, FCR, LCR, MCR, scratch */
	uint8_t divisor[2];
	bool old;	/* no FIFO */
	bool absent;
	bool wild;	/* says for ever that a byte is there */
	bool stuck;	/* takes no bytes */
	uint8_t kept[UART_FIFO_SIZE], errors[UART_FIFO_SIZE];
	size_t count;
	bool overrun;
	uint32_t polls_full; /* status reads until THR is empty once more */
	uint32_t polls_left;
	char sent[SENT_MAX];
	size_t sent_count;
	/* Called after each read of the status: the line goes on. */
	void (*goes_on)(void);
} uart;

static size_t capacity(void)
{
	return !uart.old && uart.registers[UART_FCR] & 1 ? UART_FIFO_SIZE : 1;
}

/* The line brings a byte. Without FIFO it replaces the one that is there. */
static void bring_damaged(uint8_t byte, uint8_t errors)
{
	if (uart.count == capacity()) {
		uart.overrun = true;
		if (capacity() > 1)
			return;
		uart.count = 0;
	}
	uart.kept[uart.count] = byte;
	uart.errors[uart.count++] = errors;
}

static void bring(uint8_t byte)
{
	bring_damaged(byte, 0);
}

static void bring_text(const char *text)
{
	while (*text)
		bring((uint8_t)*text++);
}

static uint8_t read_data(void)
{
	uint8_t byte = uart.kept[0];

	if (uart.count) {
		uart.count--;
		memmove(uart.kept, uart.kept + 1, UART_FIFO_SIZE - 1);
		memmove(uart.errors, uart.errors + 1, UART_FIFO_SIZE - 1);
	}
	return byte;
}

static uint8_t read_status(void)
{
	uint8_t status = uart.count || uart.wild ? UART_LSR_DATA : 0;

	if (uart.overrun)
		status |= UART_LSR_OVERRUN;
	uart.overrun = false;
	if (uart.count) {
		status |= uart.errors[0];
		uart.errors[0] = 0;
	}
	if (!uart.stuck && !uart.polls_left)
		status |= UART_LSR_THRE | UART_LSR_TEMT;
	uart.polls_left -= uart.polls_left > 0;
	if (uart.goes_on)
		uart.goes_on();
	return status;
}

uint8_t port_read(uint16_t port)
{
	uint16_t reg = port - COM1;

	assert_true(port >= COM1 && port < COM1 + 8);
	if (uart.absent)
		return UART_ABSENT;
	if (reg == UART_DATA)
		return read_data();
	if (reg == UART_LSR)
		return read_status();
	if (reg == UART_IIR)
		return capacity() > 1 ? 0xC1 : 0x01;
	return uart.registers[reg];
}

void port_write(uint16_t port, uint8_t value)
{
	uint16_t reg = port - COM1;
	bool was_on = uart.registers[UART_FCR] & 1;

	assert_true(port >= COM1 && port < COM1 + 8);
	if (reg < 2 && uart.registers[UART_LCR] & UART_LCR_DLAB) {
		uart.divisor[reg] = value;
	} else if (reg == UART_DATA) {
		assert_true(uart.sent_count < SENT_MAX);
		uart.sent[uart.sent_count++] = (char)value;
		uart.polls_left = uart.polls_full;
	} else {
		uart.registers[reg] = value;
	}
	if (reg == UART_FCR && (value & 2 || was_on != (value & 1)))
		uart.count = 0;
}

void port_write_all(uint16_t port, const char *from, size_t count)
{
	while (count--)
		port_write(port, (uint8_t)*from++);
}

static bool rts(void)
{
	return uart.registers[UART_MCR] & UART_MCR_RTS;
}

/* The line to the interrupt controller. */
static bool interrupts(void)
{
	return uart.registers[UART_MCR] & UART_MCR_OUT2 &&
	       uart.registers[UART_IER] & UART_IER_RECEIVED && uart.count;
}

static int setup(void **state)
{
	(void)state;
	memset(&uart, 0, sizeof(uart));
	memset(&uart_counts, 0, sizeof(uart_counts));
	return 0;
}

static void listen(void)
{
	assert_int_equal(serial_start(), SERIAL_READY);
	assert_true(serial_start_receiving());
}

/* What was received: text, '#' for a loss. */
static void expect(const char *text)
{
	int byte;

	for (; *text; text++) {
		byte = serial_receive();
		assert_int_equal(byte == SERIAL_LOST ? '#' : byte, *text);
	}
	assert_int_equal(serial_receive(), SERIAL_NOTHING);
}

/* ---- Starting, and what is not sent -------------------------------------- */

static void test_start(void **state)
{
	(void)state;
	assert_int_equal(serial_start(), SERIAL_READY);
	assert_int_equal(uart.registers[UART_LCR], UART_LCR_8N1);
	assert_int_equal(uart.divisor[0] | uart.divisor[1] << 8, UART_DIVISOR);
	assert_int_equal(uart.registers[UART_IER], 0);
	assert_int_equal(uart_fifo, UART_FIFO_SIZE);
	/* Nobody may send as long as nobody listens. */
	assert_int_equal(uart.registers[UART_MCR], UART_MCR_DTR);
	assert_true(serial_start_receiving());
	assert_int_equal(uart.registers[UART_MCR],
			 UART_MCR_DTR_RTS | UART_MCR_OUT2);
	assert_int_equal(uart.registers[UART_IER], UART_IER_RECEIVED);
}

static void test_absent(void **state)
{
	(void)state;
	uart.absent = true;
	assert_int_equal(serial_start(), SERIAL_ABSENT);
	assert_false(serial_start_receiving());
	serial_write("a", 1);
	assert_true(serial_fetch());
	assert_int_equal(serial_receive(), SERIAL_NOTHING);
}

/* Nobody reads at the other end: what is lost is counted. */
static void test_sending_to_nobody(void **state)
{
	(void)state;
	assert_int_equal(serial_start(), SERIAL_READY);
	uart.stuck = true;
	serial_write("0123456789", 10);
	serial_write("abc\n", 4);
	assert_int_equal(uart.sent_count, 0);
	assert_int_equal(serial_counts()->unsent, 15);
	uart.stuck = false;
	serial_write("d", 1);
	assert_memory_equal(uart.sent, "d", 1);
	assert_int_equal(serial_counts()->unsent, 15);
}

/* ---- Receiving ----------------------------------------------------------- */

static void test_receiving(void **state)
{
	(void)state;
	listen();
	assert_int_equal(serial_receive(), SERIAL_NOTHING);
	bring_text("0123456789");
	assert_true(interrupts());
	assert_true(serial_fetch());
	assert_false(interrupts());
	expect("0123456789");
	assert_int_equal(serial_counts()->received, 10);
}

/* What came for others is not taken for a line, nor is the rest of it. */
static void test_early_bytes(void **state)
{
	(void)state;
	uart.registers[UART_FCR] = 1;
	bring_text("ma");
	assert_int_equal(serial_start(), SERIAL_READY);
	bring_text("p\r");
	assert_true(serial_start_receiving());
	assert_true(serial_fetch());
	expect("#p\r");
	assert_int_equal(serial_counts()->early, 2);
}

/* What comes between is kept as well as the UART can. */
static void test_bytes_before_receiving(void **state)
{
	(void)state;
	assert_int_equal(serial_start(), SERIAL_READY);
	bring_text("0123456789");
	serial_write("hello\n", 6);
	assert_true(serial_start_receiving());
	serial_fetch();
	expect("0123456789");
	assert_int_equal(serial_start(), SERIAL_READY);
	bring_text("0123456789abcdefgh");
	serial_write("hello\n", 6);
	assert_true(serial_start_receiving());
	serial_fetch();
	expect("0123456789abcde#f#");
	assert_int_equal(serial_counts()->overruns, 1);
}

static const char *next_byte;

static void bring_next(void)
{
	if (*next_byte)
		bring((uint8_t)*next_byte++);
}

/* A byte at each look, while THR is waited for. */
static void test_receiving_while_sending(void **state)
{
	static char text[RING / 2 + 1];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text + sizeof(text) - 5, "last", 4);
	listen();
	next_byte = text;
	uart.goes_on = bring_next;
	uart.polls_full = 100;
	for (int i = 0; i < 8; i++)
		serial_write("0123456789abcdef", 16);
	uart.goes_on = NULL;
	serial_fetch();
	expect(text);
	assert_int_equal(serial_counts()->overruns, 0);
}

/* ---- What the UART loses ------------------------------------------------- */

/* The FIFO has the beginning; the rest of what came is lost. */
static void test_overrun(void **state)
{
	(void)state;
	listen();
	bring_text("0123456789abcdefgh");
	assert_true(serial_fetch());
	expect("0123456789abcde#f#");
	bring_text("ijk");
	assert_true(serial_fetch());
	expect("ijk");
	assert_int_equal(serial_counts()->overruns, 1);
	assert_int_equal(serial_counts()->received, 19);
}

static unsigned int looks;

/* Between the look at the status and the byte: one is lost, then there is room
 * for another. */
static void overrun_at_second_look(void)
{
	looks++;
	if (looks == 1)
		bring('#');
	if (looks == 2)
		bring('g');
}

/* Then the gap is one byte earlier. */
static void test_overrun_between_looks(void **state)
{
	(void)state;
	listen();
	bring_text("0123456789abcdef");
	looks = 0;
	uart.goes_on = overrun_at_second_look;
	assert_true(serial_fetch());
	expect("0123456789abcdef#g#");
	assert_int_equal(serial_counts()->overruns, 1);
}

static void test_overrun_without_fifo(void **state)
{
	(void)state;
	uart.old = true;
	listen();
	assert_int_equal(uart_fifo, 1);
	bring_text("abc");
	assert_true(serial_fetch());
	expect("#c#");
	bring_text("d");
	assert_true(serial_fetch());
	expect("d");
	assert_int_equal(serial_counts()->overruns, 1);
}

/* Two of them, and each has its place: the lines between are whole. */
static void test_two_overruns(void **state)
{
	(void)state;
	listen();
	bring_text("0123456789abcdef-");
	for (int i = 0; i < 4; i++)
		uart_status();
	bring_text("ghij-");
	assert_true(serial_fetch());
	expect("0123456789abcde#f#ghi#j#");
	assert_int_equal(serial_counts()->overruns, 2);
}

static void test_damaged_bytes(void **state)
{
	(void)state;
	listen();
	bring('a');
	bring_damaged(0xF3, UART_LSR_FRAMING);
	bring('b');
	bring_damaged('c', UART_LSR_PARITY);
	bring_damaged(0, UART_LSR_BREAK | UART_LSR_FRAMING);
	bring('d');
	assert_true(serial_fetch());
	assert_int_equal(serial_receive(), 'a');
	assert_int_equal(serial_receive(), SERIAL_LOST);
	assert_int_equal(serial_receive(), 'b');
	assert_int_equal(serial_receive(), SERIAL_LOST);
	assert_int_equal(serial_receive(), 0);
	expect("d");
	assert_int_equal(serial_counts()->damaged, 2);
}

/* ---- When nobody takes what came ----------------------------------------- */

/* Bytes with numbers, as many as the UART takes; returns how many. */
static uint32_t bring_all(uint32_t number, uint32_t count)
{
	uint32_t brought = 0;

	while (brought < count && uart.count < capacity())
		bring((uint8_t)(number + brought++));
	return brought;
}

static void test_full_ring(void **state)
{
	uint32_t brought = 0;

	(void)state;
	listen();
	while (rts()) {
		brought += bring_all(brought, 1);
		assert_true(serial_fetch());
	}
	/* Who has not stopped yet still finds room. */
	assert_true(brought <= RING - 128);
	while (serial_fetch())
		brought += bring_all(brought, UART_FIFO_SIZE);
	brought += bring_all(brought, UART_FIFO_SIZE);
	assert_int_equal(uart.count, UART_FIFO_SIZE);
	assert_false(interrupts());
	assert_false(serial_fetch());
	assert_int_equal(uart.count, UART_FIFO_SIZE);
	/* Nor does sending take what there is no room for. */
	serial_write("hello", 5);
	assert_int_equal(uart.count, UART_FIFO_SIZE);

	for (uint32_t i = 0; i < brought - UART_FIFO_SIZE; i++)
		assert_int_equal(serial_receive(), (uint8_t)i);
	assert_int_equal(serial_receive(), SERIAL_NOTHING);
	/* The interrupt comes by itself. */
	assert_true(rts() && interrupts());
	assert_true(serial_fetch());
	for (uint32_t i = brought - UART_FIFO_SIZE; i < brought; i++)
		assert_int_equal(serial_receive(), (uint8_t)i);
	assert_int_equal(serial_counts()->overruns, 0);
}

/* An interrupt controller that knows edges only, a sender that stops `late`
 * bytes after RTS went down, and a reader who takes some now and then. */
static void send_by_edges(struct random *rng, uint32_t total, uint32_t late)
{
	uint32_t brought = 0, received = 0, since_stop = 0, rounds = 0;
	bool line = false;

	while (received < total) {
		uint32_t some = random_below(rng, UART_FIFO_SIZE + 1);

		assert_true(++rounds < 100 * total);
		since_stop = rts() ? 0 : since_stop + some;
		if (since_stop <= late && brought + some <= total)
			for (; some; some--)
				bring((uint8_t)brought++);
		else if (brought < total && rts())
			bring((uint8_t)brought++);
		if (interrupts() && !line)
			serial_fetch();
		line = interrupts();
		if (random_below(rng, 8))
			continue;
		for (some = random_below(rng, 300); some; some--) {
			int byte = serial_receive();

			if (byte == SERIAL_NOTHING)
				break;
			assert_int_equal(byte, (uint8_t)received++);
		}
		/* go_on() may have made the edge. */
		if (interrupts() && !line)
			serial_fetch();
		line = interrupts();
	}
	assert_int_equal(serial_counts()->overruns, 0);
}

static void test_edges(void **state)
{
	struct random rng = { 11 };

	(void)state;
	listen();
	send_by_edges(&rng, 200000, 128);
}

/* Losses have room, wherever they come. */
static void test_losses_in_a_full_ring(void **state)
{
	for (size_t first = 0; first < UART_FIFO_SIZE; first++) {
		setup(state);
		listen();
		bring_all(0, (uint32_t)first);
		do
			bring_text("0123456789abcdefgh");
		while (serial_fetch());
		for (int i = 0; i < RING; i++)
			serial_receive();
		assert_int_equal(serial_receive(), SERIAL_NOTHING);
	}
}

/* ---- Gone wild ----------------------------------------------------------- */

static void test_wild(void **state)
{
	(void)state;
	listen();
	uart.wild = true;
	assert_false(serial_fetch());
	assert_true(serial_counts()->received <= RING);
	assert_int_equal(serial_start(), SERIAL_READY);
	assert_true(serial_start_receiving());
}

/* Unplugged, as on a card of a laptop. */
static void test_gone(void **state)
{
	(void)state;
	listen();
	uart.absent = true;
	assert_true(serial_fetch());
	assert_int_equal(serial_receive(), SERIAL_NOTHING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_start, setup),
		cmocka_unit_test_setup(test_absent, setup),
		cmocka_unit_test_setup(test_sending_to_nobody, setup),
		cmocka_unit_test_setup(test_receiving, setup),
		cmocka_unit_test_setup(test_early_bytes, setup),
		cmocka_unit_test_setup(test_bytes_before_receiving, setup),
		cmocka_unit_test_setup(test_receiving_while_sending, setup),
		cmocka_unit_test_setup(test_overrun, setup),
		cmocka_unit_test_setup(test_overrun_between_looks, setup),
		cmocka_unit_test_setup(test_overrun_without_fifo, setup),
		cmocka_unit_test_setup(test_two_overruns, setup),
		cmocka_unit_test_setup(test_damaged_bytes, setup),
		cmocka_unit_test_setup(test_full_ring, setup),
		cmocka_unit_test_setup(test_edges, setup),
		cmocka_unit_test_setup(test_losses_in_a_full_ring, setup),
		cmocka_unit_test_setup(test_wild, setup),
		cmocka_unit_test_setup(test_gone, setup),
	};

	return cmocka_run_group_tests_name("serial receive", tests, NULL, NULL);
}
