#include "kernel/thread/trace.h"

static struct trace_switch ring[TRACE_SWITCHES];
static uint64_t count;

void trace_switch(uint64_t at, uint32_t cpu, uint32_t from, uint32_t to)
{
	ring[count++ % TRACE_SWITCHES] =
		(struct trace_switch){ at, cpu, from, to };
}

size_t trace_read(struct trace_switch *switches, size_t most)
{
	uint64_t kept = count < TRACE_SWITCHES ? count : TRACE_SWITCHES;
	uint64_t wanted = kept < most ? kept : most;

	for (uint64_t i = 0; i < wanted; i++)
		switches[i] = ring[(count - wanted + i) % TRACE_SWITCHES];
	return wanted;
}
