#include "kernel/device/ps2.h"

#include "boot/x86.h"
#include "keyboard.h"
#include "keyboard_lights.h"
#include "x86/port.h"

/* A byte takes the keyboard 1 ms; a port read takes about 1 us. */
#define POLLS_MAX 0x10000
#define BYTES_MAX 64 /* in a row; more is a controller gone wild */
#define ABSENT 0xFF  /* an empty bus */

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
static void (*take_key)(uint16_t key);

/* ---- The controller ------------------------------------------------------ */

static bool wait_status(uint8_t mask, uint8_t value)
{
	for (unsigned int polls = 0; polls < POLLS_MAX; polls++)
		if ((port_read(KBC_STATUS) & mask) == value)
			return true;
	return false;
}

static bool send(uint16_t port, uint8_t byte)
{
	if (!wait_status(KBC_IN_FULL, 0))
		return false;
	port_write(port, byte);
	return true;
}

static bool receive(uint8_t *byte)
{
	if (!wait_status(KBC_OUT_FULL, KBC_OUT_FULL))
		return false;
	*byte = port_read(KBC_DATA);
	return true;
}

/* What keys sent to the BIOS, and the mouse. */
static void throw_away(void)
{
	for (unsigned int bytes = 0; bytes < BYTES_MAX; bytes++) {
		if (!(port_read(KBC_STATUS) & KBC_OUT_FULL))
			return;
		port_read(KBC_DATA);
	}
}

/* Both devices hold still while the command byte is changed, so that the
 * answer is the controller's. */
static bool start_controller(void)
{
	uint8_t command_byte;

	if (port_read(KBC_STATUS) == ABSENT ||
	    !send(KBC_STATUS, DISABLE_KEYBOARD) ||
	    !send(KBC_STATUS, DISABLE_AUXILIARY))
		return false;
	throw_away();
	if (!send(KBC_STATUS, READ_COMMAND_BYTE) || !receive(&command_byte))
		return false;
	command_byte |= KEYBOARD_INTERRUPT | TRANSLATE;
	command_byte &= (uint8_t) ~(AUXILIARY_INTERRUPT | KEYBOARD_OFF);
	return send(KBC_STATUS, WRITE_COMMAND_BYTE) &&
	       send(KBC_DATA, command_byte) &&
	       send(KBC_STATUS, ENABLE_KEYBOARD);
}

/* ---- The keyboard -------------------------------------------------------- */

static void say(int byte)
{
	if (byte != LIGHTS_NO_BYTE)
		send(KBC_DATA, (uint8_t)byte);
}

/* Keys that it had still to send may come before the answer. */
static void tell(uint8_t command)
{
	uint8_t byte;

	if (!send(KBC_DATA, command))
		return;
	for (unsigned int bytes = 0; bytes < BYTES_MAX; bytes++)
		if (!receive(&byte) || byte == KEYBOARD_ACK)
			return;
}

bool ps2_start(void (*take)(uint16_t key))
{
	take_key = take;
	keyboard_start(&keyboard, &keyboard_us);
	if (!start_controller())
		return false;
	/* A controller without keyboard is as good: one may be plugged in. */
	tell(DISABLE_SCANNING);
	tell(ENABLE_SCANNING);
	say(keyboard_lights_want(&lights, keyboard.locks));
	return true;
}

static void take_byte(uint8_t byte)
{
	uint8_t locks = keyboard.locks;
	uint16_t key;

	if (keyboard_lights_is_answer(byte)) {
		say(keyboard_lights_answer(&lights, byte));
		return;
	}
	key = keyboard_take(&keyboard, byte);
	if (keyboard.locks != locks)
		say(keyboard_lights_want(&lights, keyboard.locks));
	if (key)
		take_key(key);
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
			take_byte(byte);
	}
}
