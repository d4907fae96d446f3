/*
 * input.c - the queue of keys.
 */
#include "kernel/input/input.h"

#include <stddef.h>

#include "kernel/cpu/cpu.h"
#include "kernel/device/ps2.h"
#include "kernel/device/serial.h"
#include "kernel/irq/irq.h"
#include "kernel/sync/spinlock.h"
#include "kernel/time/timer.h"
#include "terminal.h"

#define KEYS 4096     /* that may be typed ahead, or pasted */
#define RESERVED 256  /* of them: for the keyboard, which cannot wait */
#define BYTES_MUTE 64 /* from COM1 without an interrupt: then it has none */

static struct spinlock input_lock = SPINLOCK("input");
SPINLOCK_LISTED(input_lock);
static uint16_t keys[KEYS];
static size_t taken, put; /* counted for ever */
static volatile bool stopped;
static struct input_counts counts;

static struct terminal terminal;
static struct input_sources sources;
static bool in_line; /* what came last from COM1 was not the end of a line */
static bool cut;     /* and its beginning was thrown away */

static bool keyboard_interrupts, com1_interrupts;

/* ---- The queue ----------------------------------------------------------- */

static bool is_ctrl_c(uint16_t key)
{
	key &= (uint16_t)~KEY_LOST;
	/* Caps lock or not. */
	return key == (KEY_CTRL | 'c') || key == (KEY_CTRL | 'C');
}

/* The last place is for KEY_LOST, which stands for all that has none. The lock
 * is held. */
static void queue_put(uint16_t key)
{
	if (is_ctrl_c(key)) {
		taken = put;
		stopped = true;
	}
	if (put - taken >= KEYS - 1) {
		counts.queue_full += key != KEY_LOST;
		key = KEY_LOST;
	}
	if (key == KEY_LOST && put != taken &&
	    keys[(put - 1) % KEYS] == KEY_LOST)
		return;
	keys[put++ % KEYS] = key;
}

static uint16_t queue_take(void)
{
	SPINLOCK_HOLD(&input_lock);

	return taken == put ? KEY_NONE : keys[taken++ % KEYS];
}

/* ---- The keyboard -------------------------------------------------------- */

/* A controller gone wild may say for ever that keys were lost. Once is enough,
 * until there is a key. */
static void put_keyboard_key(uint16_t key)
{
	static bool lost;
	SPINLOCK_HOLD(&input_lock);

	counts.keys += key != KEY_LOST;
	counts.keyboard_full += key == KEY_LOST;
	if (key == KEY_LOST && lost)
		return;
	lost = key == KEY_LOST;
	if (is_ctrl_c(key) && in_line) {
		cut = true;
		counts.cut++;
	}
	queue_put(key);
}

/* ---- COM1 ---------------------------------------------------------------- */

static void put_com1_key(uint16_t key)
{
	if (cut)
		key |= KEY_LOST;
	cut = false;
	in_line = (key & (uint16_t)~KEY_LOST) != KEY_ENTER && !is_ctrl_c(key);
	queue_put(key);
}

/* Half a sequence is lost with its other half. */
static void take_com1(int byte)
{
	uint16_t key;

	if (byte == SERIAL_LOST) {
		terminal = (struct terminal){ .state = 0 };
		put_com1_key(KEY_LOST);
		return;
	}
	key = terminal_take(&terminal, (uint8_t)byte);
	if (!key)
		return;
	counts.broken_off += (key & KEY_LOST) != 0;
	put_com1_key(key);
}

static bool has_room(void)
{
	return put - taken < KEYS - RESERVED;
}

/* Returns false if there may be more that raises no interrupt. */
static bool take_all_com1(void)
{
	SPINLOCK_HOLD(&input_lock);
	bool all = com1_fetch();
	int byte;

	while (has_room()) {
		byte = com1_receive();
		if (byte == SERIAL_NOTHING)
			return all;
		take_com1(byte);
	}
	return false;
}

static void com1_interrupt(void)
{
	take_all_com1();
}

/* ---- Both ---------------------------------------------------------------- */

static bool let_in(unsigned int irq, const char *name, void (*receive)(void))
{
	if (!irq_handle(irq, name, receive))
		return false;
	irq_enable(irq);
	return true;
}

void input_start(void)
{
	sources.keyboard = ps2_start(put_keyboard_key);
	if (sources.keyboard)
		keyboard_interrupts =
			let_in(IRQ_KEYBOARD, "keyboard", ps2_receive);
	sources.serial = com1_start_receiving();
	if (sources.serial)
		com1_interrupts = let_in(IRQ_COM1, "COM1", com1_interrupt);
}

const struct input_sources *input_sources(void)
{
	return &sources;
}

/* What may have raised no interrupt: what came while that was masked, or while
 * something was sent to COM1; what had no room before; and a mouse's bytes,
 * which stand in the way of keys until they are read. Interrupts are off.
 * Returns false if there may be more. */
static bool look_for_more(void)
{
	if (sources.keyboard)
		ps2_receive();
	return take_all_com1();
}

/* Whether a sleeper would wake up too late, as no interrupt says that there is
 * something (HW-53). For a keyboard, which keeps some keys, the timer's ticks
 * are enough; COM1 fills its FIFO in 1.4 ms. */
static bool must_poll(void)
{
	bool com1_mute = !com1_interrupts ||
			 (!irq_count(IRQ_COM1) &&
			  serial_counts()->received >= BYTES_MUTE);

	return (sources.serial && com1_mute) ||
	       (sources.keyboard && !keyboard_interrupts && !timer_ticks());
}

/* Interrupts are off between the look into the queue and the sleep, so that
 * none comes in between. */
uint16_t input_wait(bool (*wake)(void))
{
	uint16_t key;
	bool all;

	stopped = false;
	for (;;) {
		cpu_interrupts_off();
		all = look_for_more();
		key = queue_take();
		if (key || wake())
			break;
		if (all && !must_poll())
			cpu_sleep();
		cpu_interrupts_on();
	}
	cpu_interrupts_on();
	return key;
}

bool input_stopped(void)
{
	cpu_interrupts_off();
	look_for_more();
	cpu_interrupts_on();
	return stopped;
}

const struct input_counts *input_counts(void)
{
	return &counts;
}
