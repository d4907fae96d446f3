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
#include "kernel/thread/thread.h"
#include "kernel/time/timer.h"
#include "terminal.h"

#define KEYS 4096 /* that may be typed ahead, or pasted */
#define RESERVED 256 /* of them: for the keyboard, which cannot wait */
#define BYTES_MUTE 64 /* received without an interrupt: COM1 raises none */

static struct spinlock input_lock = SPINLOCK("input");
SPINLOCK_LISTED(input_lock);
static uint16_t input_keys[KEYS];
static size_t keys_taken, keys_put; /* counted for ever */
static volatile bool input_is_stopped;
static struct input_counts input_totals;

static struct terminal com1_terminal;
static struct input_sources input_found;
/* The last byte from COM1 did not end a line. */
static bool com1_in_line;
static bool com1_cut; /* and its beginning was thrown away */

static bool keyboard_interrupts, com1_interrupts;

/* ---- The queue ----------------------------------------------------------- */

static bool is_ctrl_c(uint16_t key)
{
	key &= (uint16_t)~KEY_LOST;
	/* With caps lock it is a capital. */
	return key == (KEY_CTRL | 'c') || key == (KEY_CTRL | 'C');
}

/* The last place is for KEY_LOST, which stands for all keys that found no
 * room. The lock is held. */
static void queue_put(uint16_t key)
{
	if (is_ctrl_c(key)) {
		keys_taken = keys_put;
		input_is_stopped = true;
	}
	if (keys_put - keys_taken >= KEYS - 1) {
		input_totals.queue_full += key != KEY_LOST;
		key = KEY_LOST;
	}
	if (key == KEY_LOST && keys_put != keys_taken &&
	    input_keys[(keys_put - 1) % KEYS] == KEY_LOST)
		return;
	input_keys[keys_put++ % KEYS] = key;
}

/* Ctrl-C is always the first, and taken even if no key is wanted. */
static uint16_t queue_take(bool wanted)
{
	uint16_t key;
	SPINLOCK_HOLD(&input_lock);

	if (keys_taken == keys_put)
		return KEY_NONE;
	key = input_keys[keys_taken % KEYS];
	if (!wanted && !is_ctrl_c(key))
		return KEY_NONE;
	keys_taken++;
	return key;
}

/* ---- The keyboard -------------------------------------------------------- */

/* A broken controller may report lost keys again and again: one report until
 * there is a key. */
static void put_keyboard_key(uint16_t key)
{
	static bool lost;
	SPINLOCK_HOLD(&input_lock);

	input_totals.keys += key != KEY_LOST;
	input_totals.keyboard_full += key == KEY_LOST;
	if (key == KEY_LOST && lost)
		return;
	lost = key == KEY_LOST;
	if (is_ctrl_c(key) && com1_in_line) {
		com1_cut = true;
		input_totals.cut++;
	}
	queue_put(key);
}

/* The interrupt may come on another processor than who looks. */
static struct spinlock keyboard_lock = SPINLOCK("keyboard");
SPINLOCK_LISTED(keyboard_lock);

static void keyboard_receive(void)
{
	SPINLOCK_HOLD(&keyboard_lock);

	ps2_receive();
}

/* ---- COM1 ---------------------------------------------------------------- */

static void put_com1_key(uint16_t key)
{
	if (com1_cut)
		key |= KEY_LOST;
	com1_cut = false;
	com1_in_line = (key & (uint16_t)~KEY_LOST) != KEY_ENTER &&
		       !is_ctrl_c(key);
	queue_put(key);
}

/* When a byte of an escape sequence is lost, all of it is. */
static void take_com1(int byte)
{
	uint16_t key;

	if (byte == SERIAL_LOST) {
		com1_terminal = (struct terminal){ .state = 0 };
		put_com1_key(KEY_LOST);
		return;
	}
	key = terminal_take(&com1_terminal, (uint8_t)byte);
	if (!key)
		return;
	input_totals.broken_off += (key & KEY_LOST) != 0;
	put_com1_key(key);
}

static bool queue_has_room(void)
{
	return keys_put - keys_taken < KEYS - RESERVED;
}

/* Returns false if there may be more that raises no interrupt. */
static bool take_all_com1(void)
{
	SPINLOCK_HOLD(&input_lock);
	bool all = com1_fetch();
	int byte;

	while (queue_has_room()) {
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

static bool input_let_in(unsigned int irq, const char *name,
			 void (*receive)(void))
{
	if (!irq_handle(irq, name, receive))
		return false;
	irq_enable(irq);
	return true;
}

void input_start(void)
{
	input_found.keyboard = ps2_start(put_keyboard_key);
	if (input_found.keyboard)
		keyboard_interrupts = input_let_in(IRQ_KEYBOARD, "keyboard",
						   keyboard_receive);
	input_found.serial = com1_start_receiving();
	if (input_found.serial)
		com1_interrupts =
			input_let_in(IRQ_COM1, "COM1", com1_interrupt);
}

const struct input_sources *input_sources(void)
{
	return &input_found;
}

/* Read what may have raised no interrupt: bytes that came while it was masked,
 * or while something was sent to COM1, or had no room before; and a mouse's,
 * which hold keys back until they are read. Interrupts are off.
 * Returns false if there may be more. */
static bool input_look(void)
{
	if (input_found.keyboard)
		keyboard_receive();
	return take_all_com1();
}

/* Whether it must not sleep, as no interrupt would wake it up in time (HW-53).
 * For a keyboard, which keeps some keys, the timer's ticks are enough; COM1
 * fills its FIFO in 1.4 ms. */
static bool input_must_poll(void)
{
	bool com1_mute = !com1_interrupts ||
			 (!irq_count(IRQ_COM1) &&
			  serial_counts()->received >= BYTES_MUTE);

	return (input_found.serial && com1_mute) ||
	       (input_found.keyboard && !keyboard_interrupts && !timer_ticks());
}

/* An interrupt after the look into the queue ends the wait, or prevents it. */
uint16_t input_wait_wanted(bool (*wake)(void), bool (*wanted)(void))
{
	uint64_t seen;
	uint16_t key;
	bool all;

	input_is_stopped = false;
	for (;;) {
		seen = thread_interrupts();
		cpu_interrupts_off();
		all = input_look();
		key = queue_take(wanted());
		if (key || wake())
			break;
		if (all && !input_must_poll())
			thread_wait_interrupt(seen);
		cpu_interrupts_on();
	}
	cpu_interrupts_on();
	return key;
}

static bool always(void)
{
	return true;
}

uint16_t input_wait(bool (*wake)(void))
{
	return input_wait_wanted(wake, always);
}

bool input_stopped(void)
{
	cpu_interrupts_off();
	input_look();
	cpu_interrupts_on();
	return input_is_stopped;
}

const struct input_counts *input_counts(void)
{
	return &input_totals;
}
