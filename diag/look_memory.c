/*
 * look_memory.c - the memory by the BIOS, and the map the kernel would get.
 */
#include "memmap.h"
#include "own_ranges.h"

#include "diag/door.h"
#include "diag/look.h"

extern stage2_routine stage2_low_memory_end, stage2_memory_map_read;
extern stage2_variable stage2_raw_map, stage2_raw_count;
extern stage2_variable stage2_map_source, stage2_boot_flags;

static void look_at_low_memory(struct memory_facts *memory)
{
	struct registers ask = { 0 };

	bios_call(INT_LOW_MEMORY, &ask);
	memory->low_k = (uint16_t)ask.eax;
	memory->ebda_segment = low_word(BDA_EBDA_SEGMENT);
	if (ebda_address(memory))
		memory->ebda_k = far_read(memory->ebda_segment, 0);
	ask = (struct registers){ 0 };
	door_call(stage2_low_memory_end, 0, &ask);
	memory->low_end = ask.eax;
}

/* As stage 2 gets the list (HW-24). */
static void read_map(struct memory_facts *memory)
{
	if (stage2_call(stage2_memory_map_read))
		return;
	memory->source = stage2_byte(stage2_map_source);
	memory->truncated = stage2_byte(stage2_boot_flags) & BOOT_MAP_TRUNCATED;
	memory->raw_count = stage2_dword(stage2_raw_count);
	stage2_copy(memory->raw, stage2_raw_map, sizeof(memory->raw));
}

static struct size_answer ask_size(uint32_t function)
{
	struct registers ask = { .eax = function };
	struct size_answer answer;

	bios_call(INT_SYSTEM, &ask);
	answer.told = !(ask.flags & EFLAGS_CF);
	answer.ax = (uint16_t)ask.eax;
	answer.bx = (uint16_t)ask.ebx;
	answer.cx = (uint16_t)ask.ecx;
	answer.dx = (uint16_t)ask.edx;
	return answer;
}

void look_at_memory(struct memory_facts *memory,
		    const struct image_header *header)
{
	static struct mem_range own[OWN_MAX];
	struct memmap_source source = { memory->raw, 0, own, 0 };

	look_at_low_memory(memory);
	memory->e801 = ask_size(0xE801);
	memory->old_88 = ask_size(0x8800);
	read_map(memory);
	source.raw_count = memory->raw_count;
	source.own_count = own_ranges(header, own);
	memory->clean_count =
		memmap_sanitise(&source, memory->clean, MEM_CLEAN_MAX);
}
