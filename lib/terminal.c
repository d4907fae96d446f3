/*
 * terminal.c - bytes and escape sequences.
 */
#include "terminal.h"

#include "terminal_keys.h"

#define CTRL_C 0x03
#define BEL 0x07
#define CAN 0x18
#define SUB 0x1A
#define ESC 0x1B
#define DEL 0x7F
#define ST 0x9C /* string terminator, in one byte */

#define NOT_ASCII '?'
#define MOUSE_BYTES 3 /* button, column, row, each from 20h on */

/* UTF-8 (RFC 3629): the first byte says how many follow, each 80h..BFh. */
#define UTF8_LEAD 0xC0
#define UTF8_LEAD_3 0xE0
#define UTF8_LEAD_4 0xF0
#define UTF8_LEAD_C1 0xC2 /* C2 80..C2 9F are the controls 80h..9Fh */
#define C1_END 0xA0

enum state {
	TEXT,
	ESCAPE,	   /* ESC */
	CONTROL,   /* ESC [ numbers */
	CONSOLE,   /* ESC [ [: a function key of the Linux console */
	MOUSE,	   /* ESC [ M */
	SINGLE,	   /* ESC O, and a number in old xterms */
	OTHER_SET, /* ESC N: a character of another set */
	STRING,
	STRING_ESCAPE, /* ESC in a string: its end, if \ follows */
};

/* ---- In a sequence ------------------------------------------------------- */

/* Whether the byte belongs to the numbers of a sequence. */
static bool take_number(struct terminal *terminal, uint8_t byte)
{
	bool kept = terminal->count < sizeof(terminal->numbers);
	uint8_t *number = &terminal->numbers[kept ? terminal->count : 0];

	if (byte >= '0' && byte <= '9') {
		if (kept)
			*number = *number > 24 ? 255 :
						 (uint8_t)(*number * 10 +
							   (byte - '0'));
		return true;
	}
	if (byte == ';' && kept)
		terminal->count++;
	return byte == ';';
}

static uint16_t take_control(struct terminal *terminal, uint8_t byte)
{
	const uint8_t *numbers = terminal->numbers;
	bool first = !terminal->started;

	terminal->started = true;
	if (take_number(terminal, byte))
		return KEY_NONE;
	if (byte < '@') {
		terminal->foreign = true;
		return KEY_NONE;
	}
	terminal->state = TEXT;
	if (first && byte == '[') {
		terminal->state = CONSOLE;
		return KEY_NONE;
	}
	if (first && byte == 'M') {
		terminal->state = MOUSE;
		terminal->mouse_left = MOUSE_BYTES;
		return KEY_NONE;
	}
	if (terminal->foreign)
		return KEY_NONE;
	return terminal_control_key(byte, numbers[0], numbers[1]);
}

static uint16_t take_single(struct terminal *terminal, uint8_t byte)
{
	const uint8_t *numbers = terminal->numbers;

	if (take_number(terminal, byte))
		return KEY_NONE;
	terminal->state = TEXT;
	return terminal_single_key(byte, numbers[terminal->count > 0]);
}

static void take_mouse(struct terminal *terminal)
{
	if (--terminal->mouse_left == 0)
		terminal->state = TEXT;
}

static uint16_t take_string(struct terminal *terminal, uint8_t byte)
{
	switch (byte) {
	case ESC:
		terminal->state = STRING_ESCAPE;
		return KEY_NONE;
	case '\r':
	case '\n':
		terminal->lost = true;
		terminal->state = TEXT;
		return terminal_plain_key(byte);
	case BEL:
		terminal->state = TEXT;
		return KEY_NONE;
	default:
		return KEY_NONE;
	}
}

/* ---- The beginning of one ------------------------------------------------ */

/* What ESC and this byte begin; TEXT: nothing. */
static enum state begun_by(uint8_t byte)
{
	switch (byte) {
	case '[':
		return CONTROL;
	case 'N':
		return OTHER_SET;
	case 'O':
		return SINGLE;
	case 'P':
	case 'X':
	case ']':
	case '^':
	case '_':
		return STRING;
	default:
		return TEXT;
	}
}

static void begin(struct terminal *terminal, enum state state)
{
	terminal->state = (uint8_t)state;
	terminal->started = terminal->foreign = false;
	terminal->count = 0;
	terminal->numbers[0] = terminal->numbers[1] = 0;
}

/* Whatever was begun is given up. */
static void break_off(struct terminal *terminal)
{
	if (terminal->state != TEXT && terminal->state != ESCAPE)
		terminal->lost = true;
	terminal->state = TEXT;
}

/* Alt and a character is ESC and the character. */
static uint16_t take_after_escape(struct terminal *terminal, uint8_t byte)
{
	if (byte == ESC) {
		terminal->state = ESCAPE;
		return KEY_ESCAPE;
	}
	begin(terminal, begun_by(byte));
	if (terminal->state != TEXT)
		return KEY_NONE;
	return byte >= ' ' && byte < DEL ? byte | KEY_ALT :
					   terminal_plain_key(byte);
}

/* ---- All together -------------------------------------------------------- */

static uint16_t take_ascii(struct terminal *terminal, uint8_t byte)
{
	switch (terminal->state) {
	case STRING:
		return take_string(terminal, byte);
	case STRING_ESCAPE:
		if (byte == '\\') {
			terminal->state = TEXT;
			return KEY_NONE;
		}
		terminal->lost = true;
		return take_after_escape(terminal, byte);
	case ESCAPE:
		return take_after_escape(terminal, byte);
	}
	if (byte < ' ' || byte == DEL) {
		break_off(terminal);
		if (byte != ESC)
			return terminal_plain_key(byte);
		terminal->state = ESCAPE;
		return KEY_NONE;
	}
	switch (terminal->state) {
	case CONTROL:
		return take_control(terminal, byte);
	case CONSOLE:
		terminal->state = TEXT;
		return byte >= 'A' && byte <= 'E' ?
			       (uint16_t)(KEY_F1 + byte - 'A') :
			       KEY_NONE;
	case SINGLE:
		return take_single(terminal, byte);
	case OTHER_SET:
		terminal->state = TEXT;
		return NOT_ASCII;
	default:
		return byte;
	}
}

/* Controls of eight bits, 80h..9Fh: ESC and a byte 40h further down. */
static uint16_t take_c1(struct terminal *terminal, uint8_t byte)
{
	if (byte == ST &&
	    (terminal->state == STRING || terminal->state == STRING_ESCAPE)) {
		terminal->state = TEXT;
		return KEY_NONE;
	}
	break_off(terminal);
	begin(terminal, begun_by(byte - '@'));
	return KEY_NONE;
}

static uint16_t take_other_character(struct terminal *terminal)
{
	if (terminal->state == STRING)
		return KEY_NONE;
	break_off(terminal);
	return NOT_ASCII;
}

/* A byte of 80h..BFh that no first byte has announced is not UTF-8's: it is a
 * control, or a character of Latin-1. */
static uint16_t take_8_bits(struct terminal *terminal, uint8_t byte)
{
	bool as_c1 = terminal->utf8_lead == UTF8_LEAD_C1;

	if (byte >= UTF8_LEAD) {
		terminal->utf8_lead = byte;
		terminal->utf8_left = byte >= UTF8_LEAD_4 ? 3 :
				      byte >= UTF8_LEAD_3 ? 2 :
							    1;
		return byte == UTF8_LEAD_C1 ? KEY_NONE :
					      take_other_character(terminal);
	}
	if (terminal->utf8_left) {
		terminal->utf8_left--;
		if (!as_c1)
			return KEY_NONE;
	}
	return byte < C1_END ? take_c1(terminal, byte) :
			       take_other_character(terminal);
}

/* Ctrl-C, CAN, SUB: what was begun is ended on purpose. Ctrl-C is always a key,
 * and nobody misses what was lost before it. */
static uint16_t take_cancel(struct terminal *terminal, uint8_t byte)
{
	bool begun = terminal->state != TEXT && terminal->state != ESCAPE;

	terminal->state = TEXT;
	terminal->utf8_left = 0;
	if (byte == CTRL_C)
		terminal->lost = false;
	else if (begun)
		return KEY_NONE;
	return terminal_plain_key(byte);
}

static uint16_t take(struct terminal *terminal, uint8_t byte)
{
	if (byte == CTRL_C || byte == CAN || byte == SUB)
		return take_cancel(terminal, byte);
	if (terminal->state == MOUSE && byte >= ' ') {
		take_mouse(terminal);
		return KEY_NONE;
	}
	if (byte > DEL)
		return take_8_bits(terminal, byte);
	if (terminal->utf8_left && terminal->utf8_lead == UTF8_LEAD_C1 &&
	    terminal->state != STRING)
		terminal->lost = true; /* half a character or control */
	terminal->utf8_left = 0;
	return take_ascii(terminal, byte);
}

uint16_t terminal_take(struct terminal *terminal, uint8_t byte)
{
	bool after_return = terminal->after_return;
	uint16_t key;

	terminal->after_return = byte == '\r';
	if (byte == '\n' && after_return)
		return KEY_NONE;
	key = take(terminal, byte);
	if (key && terminal->lost) {
		terminal->lost = false;
		key |= KEY_LOST;
	}
	return key;
}
