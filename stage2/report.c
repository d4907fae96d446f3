/*
 * report.c - the last words, when no BIOS is left to say them.
 *
 * Nothing a kernel may have changed is trusted: the screen is set back to its
 * start and painted anew, each character goes to COM1 and port E9h as well.
 */
#include "stage2/io.h"
#include "stage2/stage2.h"

#define WHITE_ON_RED 0x4F00
#define COLUMNS 80
#define ROWS 25

static uint32_t cell; /* where the next character goes */

/* Show text memory from its first cell (VGA: CRTC 0Ch/0Dh), all red. */
static void screen_prepare(void)
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
}

static void put_serial(char c)
{
	if (!serial_alive)
		return;
	for (uint32_t polls = UART_POLLS; polls; polls--)
		if (port_read(COM1 + UART_LSR) & UART_LSR_THRE)
			break;
	port_write(COM1 + UART_DATA, (uint8_t)c);
}

static void put(char c)
{
	volatile uint16_t *cells = (volatile uint16_t *)(uintptr_t)text_base;

	if (c == '\n')
		put_serial('\r');
	put_serial(c);
	if (debugcon_alive)
		port_write(DEBUGCON, (uint8_t)c);
	if (c == '\n')
		cell += COLUMNS - cell % COLUMNS;
	else if (text_base && cell < COLUMNS * ROWS)
		cells[cell++] = (uint16_t)(WHITE_ON_RED | (uint8_t)c);
}

static void put_string(const char *s)
{
	while (*s)
		put(*s++);
}

static void put_hex(uint64_t value)
{
	int shift = 60;

	while (shift && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put("0123456789ABCDEF"[value >> shift & 15]);
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

_Noreturn void report_error(uint8_t code, const uint64_t *numbers)
{
	screen_prepare();
	put_string("\nfirstlight: error ");
	put_hex(code);
	put_string(": ");
	for (const char *text = error_text(code); *text; text++) {
		if (*text == '%')
			put_hex(*numbers++);
		else if (*text == '$')
			put_string((const char *)(uintptr_t)*numbers++);
		else
			put(*text);
	}
	put('\n');
	for (;;)
		__asm__ volatile("cli; hlt");
}
