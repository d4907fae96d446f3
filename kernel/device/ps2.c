#include "kernel/device/ps2.h"

#include "boot/x86.h"
#include "keyboard.h"
#include "keyboard_lights.h"
#include "x86/port.h"

/* A byte takes the keyboard 1 ms; a port read takes about 1 us. */
#define POLLS_MAX 0x10000
#define BYTES_MAX 64 /* in a row; with more the controller is broken */
#define ABSENT 0xFF /* an empty bus */

/* IBM PS/2 Hardware Technical Reference, "Keyboard and Auxiliary Device
 * Controller": commands, and bits of the command byte. */
#define READ_COMMAND_BYTE 0x20
#define WRITE_COMMAND_BYTE 0x60
#define DISABLE_KEYBOARD 0xAD
#define ENABLE_KEYBOARD 0xAE
#define DISABLE_AUXILIARY 0xA7
#define STATUS_AUXILIARY 0x20 /* the byte is the mouse's */
#define KEYBOARD_INTERRUPT 0x01
#define AUXILIARY_INTERRUPT 0x02
#define KEYBOARD_OFF 0x10
#define TRANSLATE 0x40 /* to set 1 */

/* For the keyboard itself. */
#define ENABLE_SCANNING 0xF4
#define DISABLE_SCANNING 0xF5 /* and forget what was not fetched yet */

static struct keyboard keyboard;
static struct keyboard_lights lights;
static void (*ps2_take_key)(uint16_t key);

/* ---- The controller ------------------------------------------------------ */

static bool ps2_wait(uint8_t mask, uint8_t value)
{
	for (unsigned int polls = 0; polls < POLLS_MAX; polls++)
		if ((port_read(KBC_STATUS) & mask) == value)
			return true;
	return false;
}

static bool ps2_send(uint16_t port, uint8_t byte)
{
	if (!ps2_wait(KBC_IN_FULL, 0))
		return false;
	port_write(port, byte);
	return true;
}

static bool ps2_read(uint8_t *byte)
{
	if (!ps2_wait(KBC_OUT_FULL, KBC_OUT_FULL))
		return false;
	*byte = port_read(KBC_DATA);
	return true;
}

/* Bytes of the keyboard and the mouse that nothing has read yet. */
static void ps2_discard(void)
{
	for (unsigned int bytes = 0; bytes < BYTES_MAX; bytes++) {
		if (!(port_read(KBC_STATUS) & KBC_OUT_FULL))
			return;
		port_read(KBC_DATA);
	}
}

/* Keyboard and mouse are disabled while the command byte is changed: what is
 * read then is the controller's answer. */
static bool ps2_start_controller(void)
{
	uint8_t command_byte;

	if (port_read(KBC_STATUS) == ABSENT ||
	    !ps2_send(KBC_STATUS, DISABLE_KEYBOARD) ||
	    !ps2_send(KBC_STATUS, DISABLE_AUXILIARY))
		return false;
	ps2_discard();
	if (!ps2_send(KBC_STATUS, READ_COMMAND_BYTE) ||
	    !ps2_read(&command_byte))
		return false;
	command_byte |= KEYBOARD_INTERRUPT | TRANSLATE;
	command_byte &= (uint8_t) ~(AUXILIARY_INTERRUPT | KEYBOARD_OFF);
	return ps2_send(KBC_STATUS, WRITE_COMMAND_BYTE) &&
	       ps2_send(KBC_DATA, command_byte) &&
	       ps2_send(KBC_STATUS, ENABLE_KEYBOARD);
}

/* ---- The keyboard -------------------------------------------------------- */

static void ps2_send_lights(int byte)
{
	if (byte != LIGHTS_NO_BYTE)
		ps2_send(KBC_DATA, (uint8_t)byte);
}

/* Keys that it had still to send may come before the answer. */
static void ps2_command(uint8_t command)
{
	uint8_t byte;

	if (!ps2_send(KBC_DATA, command))
		return;
	for (unsigned int bytes = 0; bytes < BYTES_MAX; bytes++)
		if (!ps2_read(&byte) || byte == KEYBOARD_ACK)
			return;
}

bool ps2_start(void (*take)(uint16_t key))
{
	ps2_take_key = take;
	keyboard_start(&keyboard, &keyboard_us);
	if (!ps2_start_controller())
		return false;
	/* No keyboard is no error: one may be plugged in later. */
	ps2_command(DISABLE_SCANNING);
	ps2_command(ENABLE_SCANNING);
	ps2_send_lights(keyboard_lights_want(&lights, keyboard.locks));
	return true;
}

static void ps2_take_byte(uint8_t byte)
{
	uint8_t locks = keyboard.locks;
	uint16_t key;

	if (keyboard_lights_is_answer(byte)) {
		ps2_send_lights(keyboard_lights_answer(&lights, byte));
		return;
	}
	key = keyboard_take(&keyboard, byte);
	if (keyboard.locks != locks)
		ps2_send_lights(keyboard_lights_want(&lights, keyboard.locks));
	if (key)
		ps2_take_key(key);
}

void ps2_receive(void)
{
	for (unsigned int bytes = 0; bytes < BYTES_MAX; bytes++) {
		uint8_t status = port_read(KBC_STATUS);
		uint8_t byte;

		if (status == ABSENT || !(status & KBC_OUT_FULL))
			return;
		byte = port_read(KBC_DATA);
		if (!(status & STATUS_AUXILIARY))
			ps2_take_byte(byte);
	}
}
