#include "kernel/console/console.h"

#include "kernel/command_line.h"
#include "kernel/console/log.h"
#include "kernel/device/emulator.h"
#include "kernel/device/serial.h"
#include "kernel/device/vga.h"
#include "line_view.h"
#include "string.h"

enum sink_state { ABSENT, STALLED, READY };

struct sink {
	const char *name;
	/* Whether it is there, and shows anything; NULL: it needs no start. */
	enum sink_state (*start)(const struct boot_info *info);
	void (*write)(uint8_t attribute, const char *text, size_t length);
	bool found; /* and wanted by the command line */
	bool in_use;
};

/* A terminal's: cursor to the top left, erase (ECMA-48 8.3.21, 8.3.39). */
#define CLEAR "\x1B[H\x1B[2J"

struct spinlock console_lock = SPINLOCK("console");
SPINLOCK_LISTED(console_lock);

static struct vga screen;

/* The line that is edited; an interrupt may take it away. */
static volatile enum { LINE_NONE, LINE_SHOWN, LINE_GONE } line;

static bool in_row; /* something stands before the cursor */

static enum sink_state start_vga(const struct boot_info *info)
{
	return vga_start(&screen, info->video.text_base) ? READY : ABSENT;
}

static void write_vga(uint8_t attribute, const char *text, size_t length)
{
	vga_set_attribute(&screen, attribute);
	vga_write(&screen, text, length);
}

static enum sink_state start_serial(const struct boot_info *info)
{
	static const enum sink_state states[] = {
		[SERIAL_ABSENT] = ABSENT,
		[SERIAL_STALLED] = STALLED,
		[SERIAL_READY] = READY,
	};

	(void)info;
	return states[serial_start()];
}

static void write_serial(uint8_t attribute, const char *text, size_t length)
{
	(void)attribute;
	serial_write(text, length);
}

static enum sink_state start_debugcon(const struct boot_info *info)
{
	(void)info;
	return debugcon_present() ? READY : ABSENT;
}

static void write_debugcon(uint8_t attribute, const char *text, size_t length)
{
	(void)attribute;
	debugcon_write(text, length);
}

enum { VGA, SERIAL, E9, LOG, SINKS };

static struct sink sinks[SINKS] = {
	[VGA] = { "vga", start_vga, write_vga, false, false },
	[SERIAL] = { "serial", start_serial, write_serial, false, false },
	[E9] = { "e9", start_debugcon, write_debugcon, false, false },
	[LOG] = { "log", NULL, log_write, true, true },
};

/* All but the log can be chosen: it comes last. */
static const char *sink_name(size_t n)
{
	return n < LOG ? sinks[n].name : NULL;
}

COMMAND_LINE_WORD(console, .value = "SINK,...", .needs_value = true,
		  .list = true, .choice = sink_name,
		  .help = "print only there: vga, serial, e9");

/* Returns how many of them show anything. */
static size_t start_sinks(const struct boot_info *info, const char *names)
{
	size_t ready = 0;

	for (size_t i = 0; i < SINKS; i++) {
		enum sink_state state;

		if (!sinks[i].start ||
		    (names && !list_has(names, sinks[i].name)))
			continue;
		state = sinks[i].start(info);
		sinks[i].found = state != ABSENT;
		sinks[i].in_use = sinks[i].found;
		ready += state == READY;
	}
	return ready;
}

void console_start(const struct boot_info *info, const char *names)
{
	log_start();
	if (start_sinks(info, names) == 0)
		start_sinks(info, NULL);
}

/* All but the log. */
static void show(uint8_t attribute, const char *text, size_t length)
{
	for (size_t i = 0; i < SINKS; i++)
		if (sinks[i].in_use && i != LOG)
			sinks[i].write(attribute, text, length);
	if (length)
		in_row = text[length - 1] != '\n';
}

static void remove_line(void)
{
	char blanks[1 + LINE_COLUMNS + 1];

	memset(blanks, ' ', sizeof(blanks));
	blanks[0] = blanks[sizeof(blanks) - 1] = '\r';
	show(VGA_NORMAL, blanks, sizeof(blanks));
	in_row = false;
	line = LINE_GONE;
}

void console_write(uint8_t attribute, const char *text, size_t length)
{
	if (line == LINE_SHOWN)
		remove_line();
	show(attribute, text, length);
	if (sinks[LOG].in_use)
		log_write(attribute, text, length);
}

void console_echo(uint8_t attribute, const char *text, size_t length)
{
	SPINLOCK_HOLD(&console_lock);

	show(attribute, text, length);
}

void console_line_begin(void)
{
	SPINLOCK_HOLD(&console_lock);

	if (in_row)
		show(VGA_NORMAL, "\n", 1);
	line = LINE_SHOWN;
}

void console_line_end(void)
{
	SPINLOCK_HOLD(&console_lock);

	line = LINE_NONE;
}

void console_line_echo(const char *text, size_t length)
{
	SPINLOCK_HOLD(&console_lock);

	if (line == LINE_SHOWN)
		show(VGA_NORMAL, text, length);
}

bool console_line_gone(void)
{
	return line == LINE_GONE;
}

void console_clear(void)
{
	SPINLOCK_HOLD(&console_lock);

	vga_set_attribute(&screen, VGA_NORMAL);
	if (sinks[VGA].in_use)
		vga_clear(&screen);
	if (sinks[SERIAL].in_use)
		serial_write(CLEAR, sizeof(CLEAR) - 1);
	in_row = false;
}

void console_look_back(int32_t rows)
{
	SPINLOCK_HOLD(&console_lock);

	if (sinks[VGA].in_use)
		vga_look_back(&screen, rows);
}

void console_use(const char *name, bool on)
{
	SPINLOCK_HOLD(&console_lock);

	for (size_t i = 0; i < SINKS; i++)
		if (strcmp(sinks[i].name, name) == 0)
			sinks[i].in_use = on && sinks[i].found;
}

struct vga *console_screen(void)
{
	return sinks[VGA].found ? &screen : NULL;
}
