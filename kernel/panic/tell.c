#include "kernel/panic/tell.h"

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
