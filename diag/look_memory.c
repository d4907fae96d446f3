/*
 * look_memory.c - the memory by the BIOS, and the map the kernel would get.
 */
#include "memmap.h"
#include "own_ranges.h"

#include "diag/bios.h"
#include "diag/far.h"
#include "diag/look.h"

#define E820_SHORTEST 20 /* bytes: an entry without attributes */
#define E820_CALLS 512	 /* then its continuation leads nowhere */
#define MIB_16 0x1000000

static void look_at_low_memory(struct memory_facts *memory)
{
	struct bios_registers ask = { 0 };

	bios_call(INT_LOW_MEMORY, &ask);
	memory->low_k = (uint16_t)ask.eax;
	memory->ebda_segment = low_word(BDA_EBDA_SEGMENT);
	if (ebda_address(memory))
		memory->ebda_k = far_read(memory->ebda_segment, 0);
}

#define CONFUSED UINT32_MAX

/* The entry for `*next` into `entry`; its size, 0 for the list's end, or
 * CONFUSED: the answer is none, and the list not to be trusted. */
static uint32_t e820_entry(uint32_t *next, struct mem_range *entry)
{
	struct bios_registers ask = { .eax = 0xE820,
				      .ebx = *next,
				      .ecx = sizeof(*entry),
				      .edx = E820_MAGIC,
				      .edi = (uintptr_t)entry,
				      .es = OUR_SEGMENT };

	entry->attributes = MEM_ATTR_PRESENT;
	bios_call(INT_SYSTEM, &ask);
	if (ask.flags & EFLAGS_CF)
		return 0;
	if (ask.eax != E820_MAGIC)
		return CONFUSED;
	if (ask.ecx < sizeof(*entry))
		entry->attributes = MEM_ATTR_PRESENT;
	*next = ask.ebx;
	return ask.ecx;
}

/* Where no entry claims to be there, all are: a BIOS without that bit. */
static void assume_presence(struct memory_facts *memory)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < memory->raw_count; i++)
		seen |= memory->raw[i].attributes;
	for (size_t i = 0; i < memory->raw_count; i++)
		if (!(seen & MEM_ATTR_PRESENT))
			memory->raw[i].attributes |= MEM_ATTR_PRESENT;
}

/* As stage2/memory.asm, but that it counts what it can't keep (HW-24). The
 * same buffer for all: some BIOSes write only what has changed. */
static void read_e820(struct memory_facts *memory)
{
	static struct mem_range entry;
	uint32_t next = 0;

	for (int calls = 0; calls < E820_CALLS; calls++) {
		uint32_t size = e820_entry(&next, &entry);

		if (size == CONFUSED)
			memory->raw_count = 0;
		if (!size || size == CONFUSED)
			break;
		memory->listed++;
		if (size >= E820_SHORTEST && memory->raw_count < MEM_RAW_MAX)
			memory->raw[memory->raw_count++] = entry;
		if (!next)
			break;
	}
	assume_presence(memory);
	if (memory->raw_count)
		memory->source = MAP_E820;
}

static struct size_answer ask_size(uint32_t function)
{
	struct bios_registers ask = { .eax = function };
	struct size_answer answer;

	bios_call(INT_SYSTEM, &ask);
	answer.told = !(ask.flags & EFLAGS_CF);
	answer.ax = (uint16_t)ask.eax;
	answer.bx = (uint16_t)ask.ebx;
	answer.cx = (uint16_t)ask.ecx;
	answer.dx = (uint16_t)ask.edx;
	return answer;
}

static void add_usable(struct memory_facts *memory, uint32_t base,
		       uint32_t bytes)
{
	if (bytes)
		memory->raw[memory->raw_count++] =
			(struct mem_range){ base, bytes, MEM_USABLE,
					    MEM_ATTR_PRESENT };
}

/* Low memory, and `kib` from 1 MiB on. */
static void add_low_and_high(struct memory_facts *memory, uint32_t kib)
{
	uint32_t low = (uint32_t)memory->low_k << 10;
	uint32_t ebda = ebda_address(memory);

	add_usable(memory, 0, ebda && ebda < low ? ebda : low);
	add_usable(memory, LOAD_ADDR, kib << 10);
}

static void use_sizes(struct memory_facts *memory)
{
	const struct size_answer *e801 = &memory->e801;
	uint32_t kib = e801->ax, blocks = e801->bx;

	if (!kib && !blocks) {
		kib = e801->cx;
		blocks = e801->dx;
	}
	if (e801->told && (kib || blocks)) {
		memory->source = MAP_E801;
		add_low_and_high(memory, kib);
		add_usable(memory, MIB_16, blocks << 16);
	} else if (memory->old_88.told && memory->old_88.ax) {
		memory->source = MAP_88;
		add_low_and_high(memory, memory->old_88.ax);
	}
}

void look_at_memory(struct memory_facts *memory,
		    const struct image_header *header)
{
	static struct mem_range own[OWN_MAX];
	struct memmap_source source = { memory->raw, 0, own, 0 };

	look_at_low_memory(memory);
	read_e820(memory);
	memory->e801 = ask_size(0xE801);
	memory->old_88 = ask_size(0x8800);
	if (!memory->source)
		use_sizes(memory);
	source.raw_count = memory->raw_count;
	source.own_count = own_ranges(header, own);
	memory->clean_count =
		memmap_sanitise(&source, memory->clean, MEM_CLEAN_MAX);
}
