/*
 * report.c - the last words, when no BIOS is left to say them.
 *
 * Nothing a kernel may have changed is trusted: the screen is set back to its
 * start and painted anew, and the same goes to COM1 and port E9h.
 */
#include <stdbool.h>

#include "stage2/stage2.h"
#include "x86/port.h"

#define WHITE_ON_RED 0x4F00
#define COLUMNS 80
#define ROWS 25

static bool reported; /* on the screen, or at least tried */
static char message[512]; /* far longer than any text with its numbers */

/* Both write at `to` and return where the next character goes. */
static char *add_string(char *to, const char *s)
{
	while (*s)
		*to++ = *s++;
	return to;
}

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

/* error.asm: code, text, NUL; the code 0 ends the table with a text. */
static const char *error_text(uint8_t code)
{
	const char *at = error_table;

	while (*at && (uint8_t)*at != code)
		while (*at++)
			;
	return at + 1;
}

/* Show text memory from its first cell (VGA: CRTC 0Ch/0Dh), all red. */
static void show_on_screen(void)
{
	volatile uint16_t *cells = (volatile uint16_t *)(uintptr_t)text_base;
	uint16_t crtc = text_base == VGA_MONO_ADDR ? CRTC_MONO : CRTC_COLOR;

	if (!text_base)
		return;
	for (uint8_t i = CRTC_START_HIGH; i <= CRTC_START_LOW; i++) {
		port_write(crtc, i);
		port_write(crtc + 1, 0);
	}
	for (int i = 0; i < COLUMNS * ROWS; i++)
		cells[i] = WHITE_ON_RED | ' ';
	for (const char *at = message; *at; at++)
		*cells++ = (uint16_t)(WHITE_ON_RED | (uint8_t)*at);
}

static void put_serial(char c)
{
	uint32_t polls = UART_POLLS;

	while (!(port_read(COM1 + UART_LSR) & UART_LSR_THRE) && --polls)
		;
	port_write(COM1 + UART_DATA, (uint8_t)c);
}

static const char new_line[] = "\r\n";

static void send_to_ports(const char *at)
{
	for (; *at; at++) {
		if (debugcon_alive)
			port_write(DEBUGCON, (uint8_t)*at);
		if (serial_alive)
			put_serial(*at);
	}
}

_Noreturn void report_error(uint8_t code, const uint64_t *numbers)
{
	char *to = add_string(message, "firstlight: error ");

	to = add_string(add_hex(to, code), ": ");
	for (const char *text = error_text(code); *text; text++) {
		if (*text == '%')
			to = add_hex(to, *numbers++);
		else if (*text == '$')
			to = add_string(to,
					(const char *)(uintptr_t)*numbers++);
		else
			*to++ = *text;
	}
	*to = 0;
	/* The screen last: a kernel's page tables may lack it, and its fault
	 * would come here again. */
	send_to_ports(new_line);
	send_to_ports(message);
	send_to_ports(new_line);
	if (!reported) {
		reported = true;
		show_on_screen();
	}
	for (;;)
		__asm__ volatile("cli; hlt");
}
