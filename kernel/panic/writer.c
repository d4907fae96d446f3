#include "kernel/panic/page.h"

#include <stdarg.h>
#include <stdbool.h>

#include "address.h"
#include "boot/layout.h"
#include "format.h"
#include "kernel/cpu/probe.h"
#include "kernel/device/emulator.h"
#include "kernel/device/serial.h"
#include "kernel/device/vga.h"
#include "kernel/panic/tell.h"
#include "string.h"

#define MARGIN 1
#define COLOR_ATTRIBUTE VGA_ATTRIBUTE(VGA_WHITE, VGA_RED)
#define MONO_ATTRIBUTE VGA_ATTRIBUTE(VGA_BLACK, VGA_LIGHT_GRAY)

_Static_assert(PANIC_COLUMNS == VGA_COLUMNS - 2 * MARGIN, "two margins");

/* Where the screen's next character goes, and the first row that is kept
 * free. */
static unsigned int writer_row, writer_column, writer_rows_end;

static bool writer_has_screen; /* its window can be written to */
static bool writer_cut; /* something did not fit above rows_end */

/* The adapter has a register for it; without an adapter all bits read as set,
 * and writes to an empty bus do no harm. */
static int is_color(void)
{
	return port_read(VGA_MISC_READ) & VGA_MISC_COLOR;
}

static volatile uint16_t *writer_cells(void)
{
	return paddr_pointer(is_color() ? VGA_TEXT_ADDR : VGA_MONO_ADDR);
}

static void writer_put_cell(unsigned int cell, char character)
{
	uint8_t attribute = is_color() ? COLOR_ATTRIBUTE : MONO_ATTRIBUTE;

	if (writer_has_screen)
		writer_cells()[cell] =
			(uint16_t)(attribute << 8 | (uint8_t)character);
}

/* A page table entry may be lost, too. */
static bool can_be_written(vaddr_t address)
{
	const uint16_t blank = 0;

	return probe_write(address, &blank, sizeof(blank)) == sizeof(blank);
}

static void writer_put(char character)
{
	bool feed = character == '\n';

	if (writer_row < writer_rows_end &&
	    (feed || writer_column >= VGA_COLUMNS - MARGIN)) {
		writer_row++;
		writer_column = MARGIN;
	}
	if (feed)
		return;
	if (writer_row >= writer_rows_end) {
		writer_cut = true;
		return;
	}
	if (character < ' ' || character > '~')
		character = '?';
	writer_put_cell(writer_row * VGA_COLUMNS + writer_column++, character);
}

static void writer_to_ports(const char *text)
{
	size_t length = strlen(text);

	serial_write(text, length);
	if (debugcon_present())
		debugcon_write(text, length);
}

void writer_start(void)
{
	uint16_t crtc = is_color() ? CRTC_COLOR : CRTC_MONO;

	crtc_write(crtc, CRTC_START_HIGH, 0);
	crtc_write(crtc, CRTC_START_LOW, 0);
	crtc_write(crtc, CRTC_CURSOR_SHAPE, CRTC_CURSOR_OFF);
	vga_blink_off();
	writer_has_screen = can_be_written((uint64_t)writer_cells());
	for (unsigned int i = 0; i < VGA_SCREEN; i++)
		writer_put_cell(i, ' ');
	writer_row = 0;
	writer_column = MARGIN;
	writer_rows_end = VGA_ROWS;
	serial_start_again();
	writer_to_ports("\n");
}

unsigned int writer_rows_left(void)
{
	return writer_row < writer_rows_end ? writer_rows_end - writer_row : 0;
}

void writer_reserve(unsigned int rows)
{
	writer_rows_end = VGA_ROWS - rows;
	writer_cut = false;
}

bool writer_was_cut(void)
{
	return writer_cut;
}

void writer_write_on_screen(const char *text)
{
	while (*text)
		writer_put(*text++);
}

void writer_write(const char *text)
{
	writer_to_ports(text);
	writer_write_on_screen(text);
}

void writer_printf(const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	kvsnprintf(text, sizeof(text), format, args);
	va_end(args);
	writer_write(text);
}
