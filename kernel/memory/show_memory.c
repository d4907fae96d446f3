/*
 * show_memory.c - the monitor's command x.
 */
#include "kernel/console/kprintf.h"
#include "kernel/cpu/probe.h"
#include "kernel/input/input.h"
#include "kernel/memory/pages.h"
#include "kernel/monitor/command.h"
#include "string.h"

#define ROW 16 /* bytes */
#define COUNT_MAX 65536

/* gdb's letters for the size of a unit. */
static size_t unit_of(char letter)
{
	switch (letter) {
	case 'b':
		return 1;
	case 'h':
		return 2;
	case 'w':
		return 4;
	case 'g':
		return 8;
	default:
		return 0;
	}
}

/* The size that the last letter gives; 0: it is none. After 0x b is a digit. */
static size_t unit_at_end(const char *count)
{
	size_t length = strlen(count);

	if (!length || (count[length - 1] == 'b' && count[0] == '0' &&
			(count[1] == 'x' || count[1] == 'X')))
		return 0;
	return unit_of(count[length - 1]);
}

/* "x/16g": false, and said, when it can't be understood. */
static bool parse_count(char *word, uint64_t *count, size_t *unit)
{
	char *text = strchrnul(word, '/');

	text += *text == '/';
	*unit = unit_at_end(text);
	if (*unit)
		text[strlen(text) - 1] = '\0';
	else
		*unit = 1;
	*count = ROW / *unit;
	if (*text && !command_number(text, count))
		return false;
	if (*count > COUNT_MAX)
		kprintf("at most %d at once\n", COUNT_MAX);
	return *count <= COUNT_MAX;
}

/* Each unit by one read, as devices want it. How many bytes are there: where a
 * unit is not, its first bytes may be. */
static size_t read_row(uint8_t *bytes, uint64_t address, size_t wanted,
		       size_t unit)
{
	for (size_t at = 0; at < wanted; at += unit)
		if (!probe_read_unit(bytes + at, address + at, unit))
			return at + probe_read(bytes + at, address + at, unit);
	return wanted;
}

/* Little-endian, as the processor reads them. */
static void show_units(const uint8_t *bytes, size_t there, size_t unit)
{
	for (size_t at = 0; at < ROW; at += unit) {
		uint64_t value = 0;

		memcpy(&value, bytes + at, unit);
		if (at + unit <= there)
			kprintf(" %0*lx", (int)(2 * unit), value);
		else
			kprintf(" %*s", (int)(2 * unit), "");
	}
}

static void show_row(uint64_t address, const uint8_t *bytes, size_t there,
		     size_t unit)
{
	char text[ROW + 1];

	for (size_t i = 0; i < there; i++)
		text[i] = bytes[i] >= ' ' && bytes[i] <= '~' ? (char)bytes[i] :
							       '.';
	text[there] = '\0';
	kprintf("%012lx ", address);
	show_units(bytes, there, unit);
	kprintf("  %s\n", text);
}

/* Reading faulted there. */
static void show_fault(uint64_t address)
{
	struct paging_walk walk;
	const char *why = "mapped, and yet reading it faults";

	if (!paging_is_canonical(address))
		why = "not canonical: #GP general protection";
	else if (!pages_walk(address, &walk))
		why = "not mapped: #PF page fault";
	kprintf("%012lx  %s\n", address, why);
}

COMMAND(x, .group = GROUP_MEMORY, .counted = true, .arguments = "/N ADDR",
	.least = 1, .most = 1,
	.help = "show N bytes of memory; N may end in b, h, w, g as in gdb",
	.more = "x/8g 0x100000 shows eight units of 8 bytes; h is 2, w is 4. "
		"ADDR may be a sum.\n"
		"Each unit is read at once: devices care, as in x/w 0xfee00030.\n")
{
	uint64_t address, left, bytes;
	size_t unit;

	if (!parse_count(words[0], &left, &unit) ||
	    !command_number(words[1], &address))
		return;
	for (bytes = left * unit; bytes && !input_stopped();) {
		uint8_t row[ROW] = { 0 };
		size_t wanted = bytes < ROW ? bytes : ROW;
		size_t there = read_row(row, address, wanted, unit);

		if (there)
			show_row(address, row, there, unit);
		if (there < wanted) {
			show_fault(address + there);
			return;
		}
		address += wanted;
		bytes -= wanted;
	}
}
