/*
 * explain_facts.c - what the machine knows about an exception.
 */
#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/probe.h"
#include "kernel/panic/facts.h"
#include "kernel/panic/tell.h"
#include "x86/port.h"

#define RANGES_MAX 64 /* that are looked at */

/* The map, and the pointer to it, may be overwritten. */
static uint32_t memory_type(uint64_t address)
{
	const struct panic_facts *told = panic_facts();
	struct mem_range range;

	for (size_t i = 0; i < told->map_count && i < MEM_CLEAN_MAX; i++) {
		if (probe_read(&range, (uint64_t)&told->map[i],
			       sizeof(range)) != sizeof(range))
			break;
		if (address >= range.base &&
		    address - range.base < range.length)
			return range.type;
	}
	return 0;
}

/* A CPU that has raised the exception has the register. */
static void read_status(struct trap_facts *facts)
{
	switch (facts->frame->vector) {
	case VECTOR_DB:
		facts->dr6 = cpu_dr6();
		break;
	case VECTOR_NMI:
		facts->nmi_status = port_read(PORT_61);
		break;
	case VECTOR_MF:
		__asm__ volatile("fnstsw %0\n\tfnstcw %1"
				 : "=m"(facts->x87_status),
				   "=m"(facts->x87_control));
		break;
	case VECTOR_MC:
		machine_check_read(&facts->machine_check);
		break;
	case VECTOR_XM:
		__asm__ volatile("stmxcsr %0" : "=m"(facts->mxcsr));
		break;
	default:
		break;
	}
}

/* Whether the CPU could have pushed an exception's words there. */
static bool can_be_read(uint64_t below)
{
	uint64_t words[6];

	return probe_read(words, below - sizeof(words), sizeof(words)) ==
	       sizeof(words);
}

void explain_facts(const struct trap_frame *frame, struct trap_facts *facts)
{
	static struct named_range ranges[RANGES_MAX];
	struct table_register gdtr;
	uint64_t cr2 = cpu_cr2(); /* before a probe can change it */

	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	*facts = (struct trap_facts){
		.frame = frame,
		.cr0 = cpu_cr0(),
		.cr2 = cr2,
		.ranges = ranges,
		.range_count = panic_collect_ranges(ranges, RANGES_MAX),
		.memory_type = memory_type(cr2),
		.stack_is_mapped = can_be_read(frame->rsp),
		.gdt_entries = (gdtr.limit + 1U) / 8,
	};
	panic_ask_for_address(cr2, facts->known, sizeof(facts->known));
	probe_read(facts->code, frame->rip, sizeof(facts->code));
	read_status(facts);
	cpu_write_cr2(cr2);
}

void explain_trap(const struct trap_frame *frame, char *text, size_t size)
{
	struct trap_facts facts;

	explain_facts(frame, &facts);
	explain(&facts, text, size);
}
