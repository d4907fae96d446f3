/*
 * console.c - where the pages go and where keys come from.
 */
#include "diag/console.h"

#include "diag/door.h"

#define VIDEO_SET_CURSOR 0x02 /* RBIL INT 10 */
#define VIDEO_SCROLL_UP 0x06
#define STALE_MAX 64 /* keys and bytes that are forgotten in a row */

extern stage2_routine stage2_text_mode_ensure, stage2_ports_putc;
extern stage2_routine stage2_key_read, stage2_serial_read;
extern stage2_routine stage2_serial_lost;
extern stage2_variable stage2_serial_alive, stage2_debugcon_alive;

static void video(uint32_t eax, uint32_t ebx, uint32_t ecx, uint32_t edx)
{
	struct registers registers = {
		.eax = eax, .ebx = ebx, .ecx = ecx, .edx = edx
	};

	bios_call(INT_VIDEO, &registers);
}

/* Takes what a routine of stage 2 reads; false: there is nothing. */
static bool key_from(stage2_routine routine, char *key)
{
	struct registers registers = { 0 };

	door_call(routine, 0, &registers);
	*key = (char)registers.eax;
	return !(registers.flags & EFLAGS_CF);
}

void console_open(void)
{
	char key;

	for (int i = 0; i < STALE_MAX && key_from(stage2_key_read, &key); i++)
		;
	stage2_call(stage2_text_mode_ensure);
}

bool console_has_serial(void)
{
	return stage2_byte(stage2_serial_alive);
}

bool console_has_debugcon(void)
{
	return stage2_byte(stage2_debugcon_alive);
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

static void send(char c)
{
	struct registers registers = { .eax = (uint8_t)c };

	door_call(stage2_ports_putc, 0, &registers);
}

void console_send(const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			send('\r');
		send(*text);
	}
}

/* Keys after a lost one were meant for another page (HW-52). */
static void forget_serial_keys(void)
{
	char key;

	for (int i = 0; i < STALE_MAX && key_from(stage2_serial_read, &key);
	     i++)
		;
	stage2_call(stage2_serial_lost); /* clears it: now it is known */
	console_send("[Keys came too fast on COM1 and were lost: "
		     "please press one again.]\n");
}

/* Takes a byte from COM1, if none before it was lost. */
static bool serial_key(char *key)
{
	bool came = key_from(stage2_serial_read, key);

	if (!stage2_call(stage2_serial_lost))
		return came;
	forget_serial_keys();
	return false;
}

char console_key(void)
{
	char key;

	while (!key_from(stage2_key_read, &key) && !serial_key(&key))
		;
	return key >= 'A' && key <= 'Z' ? (char)(key + 'a' - 'A') : key;
}
