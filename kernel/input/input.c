#include "kernel/input/input.h"

#include <stddef.h>

#include "kernel/console/serial.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/irq.h"
#include "kernel/cpu/spinlock.h"
#include "kernel/input/ps2.h"
#include "kernel/time/timer.h"
#include "terminal.h"

#define KEYS 4096     /* that may be typed ahead, or pasted */
#define BYTES_MAX 256 /* in one interrupt; more is a UART gone wild */

static struct spinlock lock = SPINLOCK("input");
static uint16_t keys[KEYS];
static size_t taken, put; /* counted for ever */
static volatile bool stopped;
static struct terminal terminal;
static struct input_sources sources;
static bool can_sleep; /* something wakes whoever waits for a key */

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

/* Without its interrupt it is looked at when the timer's comes. */
static void let_in(unsigned int irq, const char *name, void (*receive)(void))
{
	if (irq_handle(irq, name, receive))
		irq_enable(irq);
	else if (!timer_name())
		can_sleep = false;
}

void input_start(void)
{
	can_sleep = true;
	sources.keyboard = ps2_start(put_key);
	if (sources.keyboard)
		let_in(IRQ_KEYBOARD, "keyboard", ps2_receive);
	sources.serial = serial_start_receiving();
	if (sources.serial)
		let_in(IRQ_COM1, "COM1", receive_serial);
}

const struct input_sources *input_sources(void)
{
	return &sources;
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
	if (sources.keyboard)
		ps2_receive();
}

/* With interrupts off; they are on afterwards. */
static void wait_for_interrupt(void)
{
	if (can_sleep) {
		cpu_sleep();
	} else {
		cpu_interrupts_on();
		cpu_pause();
	}
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
		wait_for_interrupt();
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
