/*
 * test_input.c - kernel/input/input.c between a keyboard and a COM1 that are
 * arrays: what stands in the queue, and when it sleeps. (HW-52, HW-53)
 */
#include <stdbool.h>
#include <string.h>

#include "cmocka_test.h"
#include "fake_cpu.h"
#include "kernel/device/ps2.h"
#include "kernel/device/serial.h"
#include "kernel/input/input.h"
#include "kernel/irq/irq.h"
#include "kernel/thread/thread.h"
#include "kernel/time/timer.h"

#define QUEUE 4096 /* keys */
#define FOR_KEYBOARD 256
#define CTRL_C (KEY_CTRL | 'c')
#define UART_KEEPS 16

/* ---- The machine --------------------------------------------------------- */

static bool interrupts;
static unsigned int sleeps;
static void (*while_asleep)(void); /* what wakes it up */
static int locked; /* how many are taken */

static const char *line; /* what is to come on COM1; '#': lost */
static size_t fetched; /* of it */
static bool has_com1 = true, has_keyboard = true, routed = true;
static struct serial_counts com1_counts;
static uint64_t com1_interrupts, ticks;

static void (*take_key)(uint16_t key);
static uint16_t typed[2 * QUEUE];
static size_t typed_count, typed_taken;

void cpu_interrupts_off(void)
{
	interrupts = false;
}

void cpu_interrupts_on(void)
{
	interrupts = true;
}

uint64_t thread_interrupts(void)
{
	return 0;
}

/* Whoever interrupts is who comes while all sleep. */
void thread_wait_interrupt(uint64_t seen)
{
	(void)seen;
	assert_false(interrupts);
	/* All was looked at. */
	assert_int_equal(line[fetched], '\0');
	assert_int_equal(typed_taken, typed_count);
	sleeps++;
	assert_non_null(while_asleep);
	while_asleep();
}

struct spinlock_held spinlock_take(struct spinlock *lock)
{
	assert_false(lock->taken);
	lock->taken = true;
	locked++;
	return (struct spinlock_held){ lock };
}

void spinlock_release(const struct spinlock_held *held)
{
	assert_true(held->lock->taken);
	held->lock->taken = false;
	locked--;
}

bool irq_handle(unsigned int irq, const char *name, void (*handler)(void))
{
	(void)irq;
	(void)name;
	(void)handler;
	return routed;
}

void irq_enable(unsigned int irq)
{
	(void)irq;
}

uint64_t irq_count(unsigned int irq)
{
	return irq == IRQ_COM1 ? com1_interrupts : 0;
}

uint64_t timer_ticks(void)
{
	return ticks;
}

bool com1_start_receiving(void)
{
	return has_com1;
}

/* The ring: as much as the UART keeps at a time. */
static size_t ring;

bool com1_fetch(void)
{
	while (line[fetched + ring] && ring < UART_KEEPS)
		ring++;
	return !line[fetched + ring];
}

int com1_receive(void)
{
	if (!ring)
		return SERIAL_NOTHING;
	ring--;
	com1_counts.received++;
	return line[fetched] == '#' ? (fetched++, SERIAL_LOST) :
				      line[fetched++];
}

const struct serial_counts *serial_counts(void)
{
	return &com1_counts;
}

bool ps2_start(void (*take)(uint16_t key))
{
	take_key = take;
	return has_keyboard;
}

void ps2_receive(void)
{
	while (typed_taken < typed_count)
		take_key(typed[typed_taken++]);
}

/* ---- A person ------------------------------------------------------------ */

static void type(uint16_t key)
{
	typed[typed_count++] = key;
}

static void come(const char *text)
{
	assert_int_equal(line[fetched], '\0');
	line = text;
	fetched = ring = 0;
}

static bool never(void)
{
	return false;
}

static bool always(void)
{
	return true;
}

static void expect_key(uint16_t key)
{
	assert_int_equal(input_wait(never), key);
	assert_true(interrupts);
}

static void expect_not_wanted(void)
{
	assert_int_equal(input_wait_wanted(always, never), KEY_NONE);
}

static void expect_text(const char *text)
{
	while (*text)
		expect_key((uint8_t)*text++);
}

static void expect_nothing(void)
{
	assert_int_equal(input_wait(always), KEY_NONE);
}

static int setup(void **state)
{
	(void)state;
	has_com1 = has_keyboard = routed = true;
	com1_interrupts = ticks = 1;
	memset(&com1_counts, 0, sizeof(com1_counts));
	line = "";
	fetched = ring = typed_count = typed_taken = 0;
	sleeps = 0;
	while_asleep = NULL;
	input_start();
	come("\r"); /* the end of what another test began */
	expect_key(KEY_ENTER);
	expect_nothing();
	return 0;
}

/* ---- Order, and the end of a line ---------------------------------------- */

static void test_both_sources(void **state)
{
	(void)state;
	type('a');
	come("bc\x1B[A");
	expect_text("abc");
	expect_key(KEY_UP);
	expect_nothing();
	assert_int_equal(sleeps, 0);
}

static void test_ctrl_c_comes_first(void **state)
{
	(void)state;
	come("typed ahead\r\x03x");
	assert_true(input_stopped());
	expect_key(CTRL_C);
	expect_text("x");
	expect_nothing();
	assert_false(input_stopped());
}

static void test_keys_that_nobody_wants_stay(void **state)
{
	(void)state;
	come("ab");
	expect_not_wanted();
	expect_key('a');
	come("\x03"
	     "c");
	assert_int_equal(input_wait_wanted(always, never), CTRL_C);
	expect_not_wanted();
	expect_key('c');
}

/* Ctrl-C on the keyboard throws the beginning of a line from COM1 away. The
 * rest of it is none. */
static void test_a_line_that_is_cut(void **state)
{
	uint64_t before = input_counts()->cut;

	(void)state;
	come("gdt\rpow");
	assert_false(input_stopped());
	type(CTRL_C);
	assert_true(input_stopped());
	come("eroff\rmap");
	expect_key(CTRL_C);
	expect_key(KEY_LOST | 'e');
	expect_text("roff");
	expect_key(KEY_ENTER);
	expect_text("map");
	assert_int_equal(input_counts()->cut, before + 1);
}

/* A whole line, or nothing, is no cut. */
static void test_whole_lines_are_not_cut(void **state)
{
	uint64_t before = input_counts()->cut;

	(void)state;
	come("gdt\r");
	assert_false(input_stopped());
	type(CTRL_C);
	assert_true(input_stopped());
	come("map\r");
	expect_key(CTRL_C);
	expect_text("map");
	expect_key(KEY_ENTER);
	come("half\x03");
	expect_key(CTRL_C);
	type(CTRL_C);
	assert_true(input_stopped());
	expect_key(CTRL_C);
	come("map");
	expect_text("map");
	assert_int_equal(input_counts()->cut, before);
}

/* ---- What is lost -------------------------------------------------------- */

static void test_losses_have_their_place(void **state)
{
	(void)state;
	come("a##b#");
	expect_text("a");
	expect_key(KEY_LOST);
	expect_text("b");
	expect_key(KEY_LOST);
	expect_nothing();
}

/* Half a sequence is nothing, and what follows is typed. */
static void test_a_sequence_in_two(void **state)
{
	uint64_t before = input_counts()->broken_off;

	(void)state;
	come("\x1B[1#A\x1B]11;#B");
	expect_key(KEY_LOST);
	expect_text("A");
	expect_key(KEY_LOST);
	expect_text("B");
	assert_int_equal(input_counts()->broken_off, before);
	come("\x1B[1\x1B[A");
	expect_key(KEY_UP | KEY_LOST);
	assert_int_equal(input_counts()->broken_off, before + 1);
}

static void test_a_keyboard_that_was_full(void **state)
{
	uint64_t before = input_counts()->keyboard_full;

	(void)state;
	type('a');
	for (int i = 0; i < 100; i++)
		type(KEY_LOST);
	expect_text("a");
	expect_key(KEY_LOST);
	/* Once, until there is a key. */
	type(KEY_LOST);
	expect_nothing();
	type('b');
	type(KEY_LOST);
	expect_text("b");
	expect_key(KEY_LOST);
	assert_int_equal(input_counts()->keyboard_full, before + 102);
}

/* ---- A full queue -------------------------------------------------------- */

static void test_com1_waits(void **state)
{
	static char text[2 * QUEUE + 1];
	uint64_t before = input_counts()->queue_full;

	(void)state;
	for (size_t i = 0; i < 2 * QUEUE; i++)
		text[i] = (char)('a' + i % 23);
	come(text);
	for (int i = 0; i < 2 * QUEUE; i++)
		input_stopped();
	assert_int_equal(fetched, QUEUE - FOR_KEYBOARD);
	/* There is room for keys still. */
	for (int i = 0; i < FOR_KEYBOARD - 1; i++)
		type('K');
	expect_key('a');
	assert_int_equal(input_counts()->queue_full, before);
	for (size_t i = 1; i < QUEUE - FOR_KEYBOARD; i++)
		expect_key((uint8_t)text[i]);
	for (int i = 0; i < FOR_KEYBOARD - 1; i++)
		expect_key('K');
	for (size_t i = QUEUE - FOR_KEYBOARD; i < 2 * QUEUE; i++)
		expect_key((uint8_t)text[i]);
	expect_nothing();
}

static void test_keys_without_room(void **state)
{
	uint64_t before = input_counts()->queue_full;

	(void)state;
	for (int i = 0; i < QUEUE + 100; i++)
		type('K');
	for (int i = 0; i < QUEUE - 1; i++)
		expect_key('K');
	expect_key(KEY_LOST);
	expect_nothing();
	assert_int_equal(input_counts()->queue_full, before + 101);
	/* Ctrl-C has room always. */
	typed_count = typed_taken = 0;
	for (int i = 0; i < QUEUE + 60; i++)
		type(i == QUEUE + 50 ? CTRL_C : 'K');
	assert_true(input_stopped());
	expect_key(CTRL_C);
	for (int i = 0; i < 9; i++)
		expect_key('K');
	expect_nothing();
}

/* ---- Sleeping ------------------------------------------------------------ */

static void press_a(void)
{
	type('a');
}

static void test_sleeps_until_there_is_a_key(void **state)
{
	(void)state;
	while_asleep = press_a;
	expect_key('a');
	assert_int_equal(sleeps, 1);
}

/* Many bytes that are no key do not let it sleep beside the rest. */
static void test_does_not_sleep_beside_bytes(void **state)
{
	static char text[3000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "\x1B]", 2);
	memcpy(text + sizeof(text) - 4, "\x1B\\z", 3);
	come(text);
	expect_key('z');
	assert_int_equal(sleeps, 0);
}

static unsigned int asked;

static bool comes_after_a_while(void)
{
	if (++asked == 5)
		type('a');
	return false;
}

static void expect_polling(bool polls)
{
	asked = 0;
	sleeps = 0;
	while_asleep = press_a;
	assert_int_equal(input_wait(comes_after_a_while), 'a');
	assert_int_equal(sleeps, polls ? 0 : 1);
	expect_nothing();
}

static void test_polls_without_interrupts(void **state)
{
	(void)state;
	expect_polling(false);
	/* COM1 receives, and does not interrupt. */
	com1_interrupts = 0;
	expect_polling(false);
	com1_counts.received = 64;
	expect_polling(true);
	com1_interrupts = 1;
	expect_polling(false);
	/* No controller has inputs for them. */
	routed = false;
	input_start();
	expect_polling(true);
	/* A tick is enough for a keyboard. */
	has_com1 = false;
	input_start();
	expect_polling(false);
	ticks = 0;
	expect_polling(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_both_sources, setup),
		cmocka_unit_test_setup(test_ctrl_c_comes_first, setup),
		cmocka_unit_test_setup(test_keys_that_nobody_wants_stay, setup),
		cmocka_unit_test_setup(test_a_line_that_is_cut, setup),
		cmocka_unit_test_setup(test_whole_lines_are_not_cut, setup),
		cmocka_unit_test_setup(test_losses_have_their_place, setup),
		cmocka_unit_test_setup(test_a_sequence_in_two, setup),
		cmocka_unit_test_setup(test_a_keyboard_that_was_full, setup),
		cmocka_unit_test_setup(test_com1_waits, setup),
		cmocka_unit_test_setup(test_keys_without_room, setup),
		cmocka_unit_test_setup(test_sleeps_until_there_is_a_key, setup),
		cmocka_unit_test_setup(test_does_not_sleep_beside_bytes, setup),
		cmocka_unit_test_setup(test_polls_without_interrupts, setup),
	};

	return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
