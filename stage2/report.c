/*
 * report.c - print an error when the BIOS can no longer be called.
 *
 * A kernel may have changed the screen: text memory is shown from its start and
 * filled anew. The same words go to COM1 and port E9h.
 */
#include <stdbool.h>

#include "stage2/stage2.h"
#include "x86/port.h"

#define WHITE_ON_RED 0x4F00
#define COLUMNS 80
#define ROWS 25

static char message[512]; /* far longer than any text with its numbers */

/* These write at `to` and return where the next character goes. */
static char *add_hex(char *to, uint64_t value)
{
	bool leading = true;

	for (int shift = 60; shift >= 0; shift -= 4) {
		unsigned int digit = value >> shift & 15;

		leading = leading && !digit && shift;
		if (!leading)
			*to++ = (char)(digit < 10 ? '0' + digit :
						    'A' - 10 + digit);
	}
	return to;
}

static char *add_text(char *to, const char *text, const uint64_t *numbers)
{
	for (; *text; text++) {
		if (*text == '%') {
			to = add_hex(to, *numbers++);
		} else if (*text == '$') {
			const char *s = (const char *)(uintptr_t)*numbers++;

			while (*s)
				*to++ = *s++;
		} else {
			*to++ = *text;
		}
	}
	return to;
}

/* error.asm: code, text, NUL; the code 0 ends the table with a text. */
static const char *error_text(uint8_t code)
{
	const char *at = error_table;

	while (*at && (uint8_t)*at != code)
		while (*at++)
			;
	return at + 1;
}

static void put_serial(char c)
{
	uint32_t polls = UART_POLLS;

	while (!(port_read(COM1 + UART_LSR) & UART_LSR_THRE) && --polls)
		;
	port_write(COM1 + UART_DATA, (uint8_t)c);
}

static void send_to_ports(void)
{
	for (const char *at = message; *at; at++) {
		if (debugcon_alive)
			port_write(DEBUGCON, (uint8_t)*at);
		if (serial_alive)
			put_serial(*at);
	}
}

/* Show text memory from its first cell (VGA: CRTC 0Ch/0Dh), all red, and on it
 * the message without its line ends. */
static void show_on_screen(void)
{
	uint64_t base = video.text_base;
	volatile uint16_t *cells = (volatile uint16_t *)(uintptr_t)base;
	uint16_t crtc = base == VGA_MONO_ADDR ? CRTC_MONO : CRTC_COLOR;

	if (!base)
		return;
	port_write16(crtc, CRTC_START_HIGH);	/* index, then a 0 */
	port_write16(crtc, CRTC_START_LOW);
	for (int i = 0; i < COLUMNS * ROWS; i++)
		cells[i] = WHITE_ON_RED | ' ';
	for (const char *at = message + 2; *at != '\r'; at++)
		*cells++ = (uint16_t)(WHITE_ON_RED | (uint8_t)*at);
}

_Noreturn void report_error(uint8_t code, const uint64_t *numbers)
{
	char *to = add_text(message, "\r\nfirstlight: error %: ",
			    (const uint64_t[]){ code });

	to = add_text(to, error_text(code), numbers);
	to = add_text(to, "\r\n", NULL);
	*to = 0;
	/* The screen last: a kernel's page tables may lack it. */
	send_to_ports();
	show_on_screen();
	port_write(DEBUG_EXIT, DEBUG_EXIT_FAILURE); /* QEMU may have it */
	for (;;)
		__asm__ volatile("cli; hlt");
}
