#include "kernel/input/input.h"

#include <stddef.h>

#include "kernel/console/serial.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/irq.h"
#include "kernel/cpu/spinlock.h"
#include "kernel/input/ps2.h"
#include "terminal.h"

#define KEYS 4096     /* that may be typed ahead, or pasted */
#define BYTES_MAX 256 /* in one interrupt; more is a UART gone wild */

static struct spinlock lock = SPINLOCK("input");
static uint16_t keys[KEYS];
static size_t taken, put; /* counted for ever */
static volatile bool stopped;
static struct terminal terminal;
static bool has_keyboard;

/* ---- In ------------------------------------------------------------------ */

/* A full queue forgets what comes. The lock is held. */
static void put_locked(uint16_t key)
{
	/* Caps lock or not. */
	if (key == (KEY_CTRL | 'c') || key == (KEY_CTRL | 'C')) {
		taken = put;
		stopped = true;
	}
	if (put - taken < KEYS)
		keys[put++ % KEYS] = key;
}

static void put_key(uint16_t key)
{
	SPINLOCK_HOLD(&lock);

	put_locked(key);
}

static void receive_serial(void)
{
	SPINLOCK_HOLD(&lock);

	for (int count = 0; count < BYTES_MAX; count++) {
		int byte = serial_receive();
		uint16_t key;

		if (byte == SERIAL_NOTHING)
			return;
		key = terminal_take(&terminal, (uint8_t)byte);
		if (key)
			put_locked(key);
	}
}

static void let_in(unsigned int irq, const char *name, void (*receive)(void))
{
	if (irq_handle(irq, name, receive))
		irq_enable(irq);
}

void input_start(void)
{
	has_keyboard = ps2_start(put_key);
	if (has_keyboard)
		let_in(IRQ_KEYBOARD, "keyboard", ps2_receive);
	if (serial_start_receiving())
		let_in(IRQ_COM1, "COM1", receive_serial);
}

/* ---- Out ----------------------------------------------------------------- */

static uint16_t next(void)
{
	SPINLOCK_HOLD(&lock);

	return taken == put ? KEY_NONE : keys[taken++ % KEYS];
}

/* What may have raised no interrupt: what came while that was masked, or while
 * something was sent to COM1; and a mouse's bytes, which stand in the way of
 * keys until they are read. Interrupts are off. */
static void look_for_more(void)
{
	receive_serial();
	if (has_keyboard)
		ps2_receive();
}

/* Interrupts are off between the look into the queue and the sleep, so that
 * none comes in between. */
uint16_t input_wait(bool (*wake)(void))
{
	uint16_t key;

	stopped = false;
	for (;;) {
		cpu_interrupts_off();
		look_for_more();
		key = next();
		if (key || wake())
			break;
		cpu_sleep();
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
