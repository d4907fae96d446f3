/*
 * console.c - where the pages go and where keys come from.
 */
#include "diag/console.h"

#include "boot/layout.h"
#include "boot/x86.h"
#include "diag/bios.h"
#include "x86/port.h"

#define VIDEO_SET_MODE 0x00 /* RBIL INT 10 */
#define VIDEO_SET_CURSOR 0x02
#define VIDEO_SHOW_PAGE 0x05
#define VIDEO_SCROLL_UP 0x06
#define VIDEO_GET_MODE 0x0F
#define MODE_COLOR 3
#define MODE_MONO 7
#define STALE_MAX 64 /* keys and bytes that are forgotten in a row */

static bool has_serial, has_debugcon;
static bool keys_lost; /* on COM1 */

static void video(uint32_t eax, uint32_t ebx, uint32_t ecx, uint32_t edx)
{
	struct bios_registers registers = {
		.eax = eax, .ebx = ebx, .ecx = ecx, .edx = edx
	};

	bios_call(INT_VIDEO, &registers);
}

/* An 80-column text mode is kept, whatever it is (HW-30). */
static void text_mode_ensure(void)
{
	struct bios_registers mode = { .eax = VIDEO_GET_MODE << 8 };
	uint8_t number;

	bios_call(INT_VIDEO, &mode);
	number = mode.eax & 0x7F;
	if (mode.eax >> 8 != CONSOLE_COLUMNS ||
	    (number != MODE_COLOR && number != MODE_MONO))
		video(VIDEO_SET_MODE << 8 | MODE_COLOR, 0, 0, 0);
	video(VIDEO_SHOW_PAGE << 8, 0, 0, 0); /* page 0, ours */
}

/* As stage2/console.asm does (HW-32); it has set the line up. */
static void ports_find(void)
{
	port_write(COM1 + UART_IER, 0);
	has_serial = port_read(COM1 + UART_IER) == 0;
	has_debugcon = port_read(DEBUGCON) == DEBUGCON;
}

static bool key_read(char *key)
{
	struct bios_registers registers = { .eax = KEYBOARD_PEEK << 8 };

	bios_call(INT_KEYBOARD, &registers);
	if (registers.flags & EFLAGS_ZF)
		return false;
	registers.eax = KEYBOARD_READ << 8;
	bios_call(INT_KEYBOARD, &registers);
	*key = (char)registers.eax;
	return true;
}

/* Reading it clears what it says of lost bytes (HW-52). */
static uint8_t serial_status(void)
{
	uint8_t status = port_read(COM1 + UART_LSR);

	keys_lost |= (status & UART_LSR_OVERRUN) != 0;
	return status;
}

static bool serial_read(char *key)
{
	if (!has_serial || !(serial_status() & UART_LSR_DATA))
		return false;
	*key = (char)port_read(COM1 + UART_DATA);
	return true;
}

void console_open(void)
{
	char key;

	ports_find();
	keys_lost = false;
	for (int i = 0; i < STALE_MAX && key_read(&key); i++)
		;
	text_mode_ensure();
}

bool console_has_serial(void)
{
	return has_serial;
}

bool console_has_debugcon(void)
{
	return has_debugcon;
}

void console_fill(unsigned int row, unsigned int rows, unsigned int from,
		  uint8_t look)
{
	unsigned int last = row + rows - 1;

	video(VIDEO_SCROLL_UP << 8, (uint32_t)look << 8, row << 8 | from,
	      last << 8 | (CONSOLE_COLUMNS - 1));
}

/* The teletype function leaves each cell's attribute as it is. */
void console_show(unsigned int row, unsigned int column, const char *text)
{
	video(VIDEO_SET_CURSOR << 8, 0, 0, row << 8 | column);
	for (; *text && column < CONSOLE_COLUMNS; text++, column++)
		video(VIDEO_TELETYPE << 8 | (uint8_t)*text, LOOK_PLAIN, 0, 0);
}

static void serial_put(char c)
{
	uint32_t polls = UART_POLLS;

	while (!(serial_status() & UART_LSR_THRE))
		if (!--polls) {
			has_serial = false;
			return;
		}
	port_write(COM1 + UART_DATA, (uint8_t)c);
}

static void send(char c)
{
	if (has_debugcon)
		port_write(DEBUGCON, (uint8_t)c);
	if (has_serial)
		serial_put(c);
}

void console_send(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			send('\r');
		send(*text);
	}
}

/* What follows a lost key was meant for another page. */
static void forget_serial_keys(void)
{
	char key;

	for (int i = 0; i < STALE_MAX && serial_read(&key); i++)
		;
	keys_lost = false;
	console_send("[Keys came too fast on COM1 and were lost: "
		     "please press one again.]\n");
}

char console_key(void)
{
	char key;

	while (!key_read(&key) && (!serial_read(&key) || keys_lost))
		if (keys_lost)
			forget_serial_keys();
	return key >= 'A' && key <= 'Z' ? (char)(key + 'a' - 'A') : key;
}
