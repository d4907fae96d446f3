#include "kernel/process/memory.h"

#include "boot/layout.h"
#include "calls.h"
#include "kernel/cpu/probe.h"
#include "kernel/cpu/cpu.h"
#include "kernel/memory/frames.h"
#include "string.h"

/* So many stay the kernel's own. */
#define FRAMES_RESERVED 256

bool memory_start(struct memory *memory)
{
	memory->count = 0;
	return frames_available() > FRAMES_RESERVED &&
	       pages_space_start(&memory->space);
}

void memory_end(struct memory *memory)
{
	for (size_t i = 0; i < memory->count; i++)
		pages_space_clear(&memory->space, memory->areas[i].start,
				  memory->areas[i].end);
	pages_space_end(&memory->space);
}

uint64_t memory_pages(const struct memory *memory)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < memory->count; i++)
		pages += memory->areas[i].pages;
	return pages;
}

/* ---- Areas --------------------------------------------------------------- */

bool memory_add(struct memory *memory, const struct memory_area *area)
{
	if (memory->count == MEMORY_AREAS)
		return false;
	memory->areas[memory->count++] = *area;
	return true;
}

struct memory_area *memory_find(struct memory *memory, vaddr_t address)
{
	for (size_t i = 0; i < memory->count; i++) {
		struct memory_area *area = &memory->areas[i];

		if (address >= area->start && address < area->end)
			return area;
	}
	return NULL;
}

/* ---- Pages --------------------------------------------------------------- */

/* What of the file belongs into this page. */
static void copy_file(const struct memory_area *area, vaddr_t page, uint8_t *to)
{
	uint64_t from = area->address > page ? area->address : page;
	uint64_t end = area->address + area->size;

	if (end > page + PAGE_SIZE)
		end = page + PAGE_SIZE;
	if (from < end)
		memcpy(to + (from - page), area->bytes + (from - area->address),
		       end - from);
}

static paddr_t make_page(struct memory *memory, struct memory_area *area,
			 vaddr_t page)
{
	paddr_t frame = 0;

	if (frames_available() > FRAMES_RESERVED)
		frame = frame_take_zeroed(FRAME_PROGRAM);
	if (!frame)
		return 0;
	copy_file(area, page, paddr_pointer(frame));
	if (!pages_space_map(&memory->space, page, frame, area->rights)) {
		frame_give(FRAME_PROGRAM, frame);
		return 0;
	}
	area->pages++;
	return frame;
}

enum memory_fault memory_fill(struct memory *memory, vaddr_t address)
{
	struct memory_area *area = memory_find(memory, address);

	if (!area)
		return MEMORY_ABSENT;
	return make_page(memory, area, address_page(address)) ?
		       MEMORY_FILLED :
		       MEMORY_NONE_LEFT;
}

void *memory_page(struct memory *memory, vaddr_t page)
{
	struct memory_area *area = memory_find(memory, page);
	paddr_t frame = area ? make_page(memory, area, page) : 0;

	return frame ? paddr_pointer(frame) : NULL;
}

/* ---- What a program asks for --------------------------------------------- */

/* Behind all others, with an absent page in between. */
static vaddr_t free_start(const struct memory *memory)
{
	vaddr_t start = PROGRAM_MAPS;

	for (size_t i = 0; i < memory->count; i++)
		if (memory->areas[i].end >= start)
			start = memory->areas[i].end + PAGE_SIZE;
	return start;
}

int64_t memory_map(struct memory *memory, uint64_t bytes)
{
	vaddr_t start = free_start(memory);
	uint64_t size = address_page(bytes + PAGE_SIZE - 1);

	if (!bytes || size < bytes || start > PROGRAM_HIGH ||
	    size > PROGRAM_HIGH - start)
		return -CALL_E_SIZE;
	if (!memory_add(memory, &(struct memory_area){ .start = start,
						       .end = start + size,
						       .rights = PAGES_WRITE }))
		return -CALL_E_MEMORY;
	return (int64_t)start;
}

int64_t memory_unmap(struct memory *memory, vaddr_t address)
{
	struct memory_area *area = memory_find(memory, address);

	if (!area || area->start != address || address < PROGRAM_MAPS)
		return -CALL_E_NOT_MAPPED;
	pages_space_clear(&memory->space, area->start, area->end);
	*area = memory->areas[--memory->count];
	return 0;
}

/* ---- Copies -------------------------------------------------------------- */

static bool is_program_memory(vaddr_t address, size_t bytes)
{
	return address >= PROGRAM_LOW && address <= PROGRAM_HIGH &&
	       bytes <= PROGRAM_HIGH - address;
}

bool memory_read(void *to, vaddr_t from, size_t bytes)
{
	size_t done;

	if (!is_program_memory(from, bytes))
		return false;
	if (cpu_has_smap())
		cpu_user_access_begin();
	done = probe_read(to, from, bytes);
	if (cpu_has_smap())
		cpu_user_access_end();
	return done == bytes;
}

bool memory_write(vaddr_t to, const void *from, size_t bytes)
{
	size_t done;

	if (!is_program_memory(to, bytes))
		return false;
	if (cpu_has_smap())
		cpu_user_access_begin();
	done = probe_write(to, from, bytes);
	if (cpu_has_smap())
		cpu_user_access_end();
	return done == bytes;
}
