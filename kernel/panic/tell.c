#include "kernel/panic/tell.h"

/* ---- Facts --------------------------------------------------------------- */

/* A value that memory does not have by chance. */
#define PANIC_FACTS_KEY 0x746F6C6420796F75

static struct panic_facts told = { .key = PANIC_FACTS_KEY };

void panic_tell_build(uint64_t id)
{
	told.build_id = id;
}

void panic_tell_log(const struct log_ring *ring)
{
	told.log = ring;
}

void panic_tell_map(const struct mem_range *map, size_t count)
{
	told.map = map;
	told.map_count = count;
}

void panic_tell_clock(uint64_t zero, uint64_t ns_per_tick)
{
	told.clock_zero = zero;
	told.ns_per_tick = ns_per_tick;
}

const struct panic_facts *panic_facts(void)
{
	static const struct panic_facts nothing = { .lost = true };

	return told.key == PANIC_FACTS_KEY ? &told : &nothing;
}

/* ---- Tables -------------------------------------------------------------- */

#define LINES_MAX 16 /* of one PANIC_ROW */

/* link/kernel.ld */
extern panic_row *const panic_row_start[], *const panic_row_end[];
extern panic_ranges *const panic_ranges_start[], *const panic_ranges_end[];
extern panic_address *const panic_address_start[], *const panic_address_end[];

unsigned int panic_rows(void (*write)(const char *text))
{
	char text[PANIC_COLUMNS + 1];
	unsigned int count = 0;

	/* What the rows would show is lost, too. */
	if (panic_facts()->lost)
		return 0;
	for (panic_row *const *row = panic_row_start; row < panic_row_end;
	     row++) {
		for (size_t n = 0;
		     n < LINES_MAX && (*row)(n, text, sizeof(text)); n++) {
			count++;
			if (write)
				write(text);
		}
	}
	return count;
}

size_t panic_collect_ranges(struct named_range *ranges, size_t most)
{
	size_t count = 0;

	for (panic_ranges *const *of = panic_ranges_start;
	     of < panic_ranges_end; of++)
		for (size_t n = 0; count < most && (*of)(n, &ranges[count]);
		     n++)
			count++;
	return count;
}

void panic_ask_for_address(vaddr_t address, char *text, size_t size)
{
	for (panic_address *const *knows = panic_address_start;
	     knows < panic_address_end; knows++)
		if ((*knows)(address, text, size))
			return;
	text[0] = '\0';
}
