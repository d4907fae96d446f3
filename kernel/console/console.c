#include "kernel/console/console.h"

#include "kernel/command_line.h"
#include "kernel/console/console.h"
#include "kernel/console/queue.h"
#include "kernel/device/emulator.h"
#include "kernel/device/serial.h"
#include "kernel/device/vga.h"
#include "line_view.h"
#include "string.h"

enum sink_state { ABSENT, STALLED, READY };

struct sink {
	const char *name;
	/* Whether it is there, and shows anything. */
	enum sink_state (*start)(paddr_t text_base);
	/* Show text; returns how much of it: 0: it is busy. */
	size_t (*show)(uint8_t attribute, const char *text, size_t length);
	bool found; /* and wanted by the command line */
	bool in_use;
	struct queue_reader reader;
};

#define BURST 80 /* characters that a sink is given at once */
#define OTHERS_MAX 4096 /* bytes of others' text that one printer shows */

/* A terminal's: cursor to the top left, erase (ECMA-48 8.3.21, 8.3.39). */
#define CLEAR "\x1B[H\x1B[2J"

struct spinlock console_lock = SPINLOCK("console");
SPINLOCK_LISTED(console_lock);

static struct vga console_vga;

/* The line that is edited; an interrupt may take it away. */
static volatile enum { LINE_NONE, LINE_SHOWN, LINE_GONE } edited_line;

static bool row_begun; /* something stands before the cursor */

static struct queue console_queue;
static bool console_showing; /* a call is showing what is queued */

static enum sink_state start_vga(paddr_t text_base)
{
	return vga_start(&console_vga, text_base) ? READY : ABSENT;
}

static size_t show_on_vga(uint8_t attribute, const char *text, size_t length)
{
	vga_set_attribute(&console_vga, attribute);
	vga_write(&console_vga, text, length);
	return length;
}

static enum sink_state start_serial(paddr_t text_base)
{
	static const enum sink_state states[] = {
		[SERIAL_ABSENT] = ABSENT,
		[SERIAL_STALLED] = STALLED,
		[SERIAL_READY] = READY,
	};

	(void)text_base;
	return states[serial_start()];
}

static size_t show_on_com1(uint8_t attribute, const char *text, size_t length)
{
	(void)attribute;
	return com1_send(text, length);
}

static enum sink_state start_debugcon(paddr_t text_base)
{
	(void)text_base;
	return debugcon_present() ? READY : ABSENT;
}

static size_t show_on_debugcon(uint8_t attribute, const char *text,
			       size_t length)
{
	(void)attribute;
	debugcon_write(text, length);
	return length;
}

enum { VGA, SERIAL, E9, SINKS };
#define ALL_SINKS ((1 << SINKS) - 1)

static struct sink sinks[SINKS] = {
	[VGA] = { .name = "vga", .start = start_vga, .show = show_on_vga },
	[SERIAL] = { .name = "serial",
		     .start = start_serial,
		     .show = show_on_com1 },
	[E9] = { .name = "e9",
		 .start = start_debugcon,
		 .show = show_on_debugcon },
};

static bool log_in_use = true;

static const char *sink_name(size_t n)
{
	return n < SINKS ? sinks[n].name : NULL;
}

COMMAND_LINE_WORD(console, .value = "SINK,...", .needs_value = true,
		  .list = true, .choice = sink_name,
		  .help = "print only there: vga, serial, e9");

/* Returns how many of them show anything. */
static size_t start_sinks(paddr_t text_base, const char *names)
{
	size_t ready = 0;

	for (size_t i = 0; i < SINKS; i++) {
		enum sink_state state;

		if (names && !list_has(names, sinks[i].name))
			continue;
		state = sinks[i].start(text_base);
		sinks[i].found = state != ABSENT;
		sinks[i].in_use = sinks[i].found;
		sinks[i].reader.position = console_queue.end;
		ready += state == READY;
	}
	return ready;
}

void console_start(paddr_t text_base, const char *names)
{
	log_start();
	if (start_sinks(text_base, names) == 0)
		start_sinks(text_base, NULL);
}

/* ---- Showing what is queued ---------------------------------------------- */

/* One step of each sink: short, as interrupts are off. Returns false if all
 * have shown all. The lock is held. */
static bool console_show_some(void)
{
	bool any = false;

	for (unsigned int i = 0; i < SINKS; i++) {
		struct sink *sink = &sinks[i];
		struct queue_run run;

		if (!sink->in_use ||
		    !queue_next(&console_queue, &sink->reader, i, &run))
			continue;
		any = true;
		if (run.length > BURST)
			run.length = BURST;
		run.length = sink->show(run.attribute, run.text, run.length);
		queue_advance(&console_queue, &sink->reader, run.length);
	}
	return any;
}

static uint64_t oldest_position(void)
{
	uint64_t oldest = console_queue.end;

	for (unsigned int i = 0; i < SINKS; i++)
		if (sinks[i].in_use && sinks[i].reader.position < oldest)
			oldest = sinks[i].reader.position;
	return oldest;
}

/* Where there is no room it waits for the slowest sink, which takes text or
 * gives it up. The lock is held. */
static void console_put(uint8_t attribute, uint8_t to, const char *text,
			size_t length)
{
	if (length)
		row_begun = text[length - 1] != '\n';
	while (length) {
		size_t now = queue_put(&console_queue, oldest_position(),
				       attribute, to, text, length);

		text += now;
		length -= now;
		if (length)
			console_show_some();
	}
}

bool console_show_begin(void)
{
	bool begin = !console_showing;

	console_showing = true;
	return begin;
}

/* One step, with interrupts off. Returns whether the caller is done: all is
 * shown, or as much of others' text as one caller shows. */
static bool console_show_step(uint64_t last)
{
	SPINLOCK_HOLD(&console_lock);

	console_showing = console_show_some() && oldest_position() < last;
	return !console_showing;
}

void console_show(void)
{
	uint64_t last = console_queue.end + OTHERS_MAX;

	while (!console_show_step(last))
		;
}

/* Called with the lock released. */
static void show_if(bool begin)
{
	if (begin)
		console_show();
}

/* ---- Printing ------------------------------------------------------------ */

static void remove_line(void)
{
	char blanks[1 + LINE_COLUMNS + 1];

	memset(blanks, ' ', sizeof(blanks));
	blanks[0] = blanks[sizeof(blanks) - 1] = '\r';
	console_put(VGA_NORMAL, ALL_SINKS, blanks, sizeof(blanks));
	row_begun = false;
	edited_line = LINE_GONE;
}

void console_write(uint8_t attribute, const char *text, size_t length)
{
	if (edited_line == LINE_SHOWN)
		remove_line();
	console_put(attribute, ALL_SINKS, text, length);
	if (log_in_use)
		log_write(text, length);
}

static bool put_echo(uint8_t attribute, const char *text, size_t length)
{
	SPINLOCK_HOLD(&console_lock);

	console_put(attribute, ALL_SINKS, text, length);
	return console_show_begin();
}

void console_echo(uint8_t attribute, const char *text, size_t length)
{
	show_if(put_echo(attribute, text, length));
}

static bool begin_line(void)
{
	SPINLOCK_HOLD(&console_lock);

	if (row_begun)
		console_put(VGA_NORMAL, ALL_SINKS, "\n", 1);
	edited_line = LINE_SHOWN;
	return console_show_begin();
}

void console_line_begin(void)
{
	show_if(begin_line());
}

void console_line_end(void)
{
	SPINLOCK_HOLD(&console_lock);

	edited_line = LINE_NONE;
}

static bool put_line_echo(const char *text, size_t length)
{
	SPINLOCK_HOLD(&console_lock);

	if (edited_line != LINE_SHOWN)
		return false;
	console_put(VGA_NORMAL, ALL_SINKS, text, length);
	return console_show_begin();
}

void console_line_echo(const char *text, size_t length)
{
	show_if(put_line_echo(text, length));
}

bool console_line_gone(void)
{
	return edited_line == LINE_GONE;
}

/* ---- The sinks themselves ------------------------------------------------ */

/* Shows what is queued first. Returns false if some of it is left. */
static bool clear_screen(void)
{
	SPINLOCK_HOLD(&console_lock);

	if (console_show_some())
		return false;
	vga_set_attribute(&console_vga, VGA_NORMAL);
	if (sinks[VGA].in_use)
		vga_clear(&console_vga);
	console_put(VGA_NORMAL, 1 << SERIAL, CLEAR, sizeof(CLEAR) - 1);
	row_begun = false;
	return true;
}

void console_clear(void)
{
	while (!clear_screen())
		;
	show_if(put_echo(VGA_NORMAL, "", 0));
}

void console_look_back(int32_t rows)
{
	SPINLOCK_HOLD(&console_lock);

	if (sinks[VGA].in_use)
		vga_look_back(&console_vga, rows);
}

void console_use(const char *name, bool on)
{
	SPINLOCK_HOLD(&console_lock);

	if (strcmp(name, "log") == 0)
		log_in_use = on;
	for (size_t i = 0; i < SINKS; i++) {
		if (strcmp(sinks[i].name, name) != 0)
			continue;
		sinks[i].in_use = on && sinks[i].found;
		sinks[i].reader = (struct queue_reader){ console_queue.end, 0 };
	}
}

struct vga *console_screen(void)
{
	return sinks[VGA].found ? &console_vga : NULL;
}
