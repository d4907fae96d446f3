/*
 * explain_facts.c - what the machine knows about an exception.
 */
#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/gdt.h"
#include "kernel/cpu/probe.h"
#include "kernel/cpu/stack.h"
#include "kernel/memory/frames.h"
#include "kernel/panic/explain.h"
#include "x86/port.h"

/* link/kernel.ld */
extern const char text_start[], rodata_start[], data_start[], kernel_end[];

/* The first that fits counts: the stacks are among the variables. */
#define FIXED_RANGES 5
#define RANGES (STACKS + FIXED_RANGES)

static size_t name_ranges(struct named_range *ranges)
{
	const struct named_range fixed[FIXED_RANGES] = {
		{ .start = (uint64_t)text_start,
		  .end = (uint64_t)rodata_start,
		  .name = "the kernel's text" },
		{ .start = (uint64_t)rodata_start,
		  .end = (uint64_t)data_start,
		  .name = "the kernel's constants" },
		{ .start = (uint64_t)data_start,
		  .end = (uint64_t)kernel_end,
		  .name = "the kernel's variables" },
		{ .start = VGA_WINDOW_ADDR,
		  .end = VGA_WINDOW_END,
		  .name = "the VGA's window" },
		{ .start = BIOS_ROM_ADDR,
		  .end = BIOS_ROM_END,
		  .name = "the BIOS's ROM" },
	};

	for (int i = 0; i < STACKS; i++)
		*ranges++ = (struct named_range){
			.start = (uint64_t)stacks[i].bytes,
			.end = stack_top(&stacks[i]),
			.name = stack_names[i],
			.is_stack = true,
			.guard = STACK_GUARD,
		};
	for (size_t i = 0; i < FIXED_RANGES; i++)
		*ranges++ = fixed[i];
	return RANGES;
}

/* Trusts neither the map nor where it is said to be. */
static uint32_t memory_type(uint64_t address)
{
	size_t count;
	const struct mem_range *map = frames_map(&count);
	struct mem_range range;

	for (size_t i = 0; i < count && i < MEM_CLEAN_MAX; i++) {
		if (probe_read(&range, (uint64_t)&map[i], sizeof(range)) !=
		    sizeof(range))
			break;
		if (address >= range.base &&
		    address - range.base < range.length)
			return range.type;
	}
	return 0;
}

/* Each of these exists when its exception has come. */
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

/* The words that an exception would have pushed. */
static bool can_be_read(uint64_t below)
{
	uint64_t words[6];

	return probe_read(words, below - sizeof(words), sizeof(words)) ==
	       sizeof(words);
}

void explain_facts(const struct trap_frame *frame, struct trap_facts *facts)
{
	static struct named_range ranges[RANGES];
	struct table_register gdtr;
	uint64_t cr2 = cpu_cr2(); /* before a probe can change it */

	__asm__ volatile("sgdt %0" : "=m"(gdtr));
	*facts = (struct trap_facts){
		.frame = frame,
		.cr0 = cpu_cr0(),
		.cr2 = cr2,
		.ranges = ranges,
		.range_count = name_ranges(ranges),
		.memory_type = memory_type(cr2),
		.stack_is_mapped = can_be_read(frame->rsp),
		.gdt_entries = (gdtr.limit + 1U) / 8,
	};
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
