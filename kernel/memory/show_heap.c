/*
 * show_heap.c - the monitor's commands heap, ranges and leaks.
 */
#include "boot/layout.h"
#include "kernel/console/kprintf.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/memory/range.h"
#include "kernel/monitor/command.h"
#include "kernel/symbols.h"

static void show_place(uint64_t place)
{
	struct symbol symbol;

	if (place && symbols_find(place - 1, &symbol))
		kprintf("%s() %s:%u", symbol.function, symbol.file,
			symbol.line);
	else
		kprintf("%#lx", place);
}

/* ---- heap ---------------------------------------------------------------- */

static void show_address(uint64_t address)
{
	struct kmalloc_block block;

	if (!kmalloc_find(address, &block)) {
		kprintf("%#lx was never part of a block\n", address);
		return;
	}
	kprintf("%lu bytes at %#lx, %s\n", block.bytes, block.start,
		block.in_use ? "in use" : "free");
	if (block.allocated_at) {
		kprintf("  allocated by ");
		show_place(block.allocated_at);
		kprintf("\n");
	}
	if (block.released_at) {
		kprintf("  released by ");
		show_place(block.released_at);
		kprintf("\n");
	}
}

static void show_classes(void)
{
	const struct heap *heap = kmalloc_heap();
	uint64_t used = 0, pages = 0;

	for (unsigned int i = 0; i < HEAP_CLASSES; i++) {
		const struct heap_class *class = &heap->classes[i];

		used += kmalloc_in_use(i) * heap_class_bytes(i);
		pages += class->pages;
		if (class->pages)
			kprintf("%5zu bytes: %6lu blocks in use, %4lu pages\n",
				heap_class_bytes(i), kmalloc_in_use(i),
				class->pages);
	}
	kprintf("Small blocks: %lu bytes in use, in %lu KiB.\n", used,
		pages * (PAGE_SIZE / 1024));
	kprintf("Ranges (blocks of more than %d bytes, and stacks): %lu, %lu "
		"KiB.\n",
		HEAP_SMALL_MAX, range_count(),
		range_pages() * (PAGE_SIZE / 1024));
}

COMMAND(heap, .group = GROUP_MEMORY, .arguments = "[ADDR]", .most = 1,
	.help = "show what kmalloc() has given out",
	.more = "heap 0x123450 shows the block there, and who took it.\n")
{
	uint64_t address;

	if (count == 1)
		show_classes();
	else if (command_number(words[1], &address))
		show_address(address);
}

/* ---- ranges -------------------------------------------------------------- */

static void show_range(const struct range *range)
{
	kprintf("  %016lx  %8lu KiB  ", range->start,
		range_pages_of(range->bytes) * (PAGE_SIZE / 1024));
	show_place(range->taken_at);
	kprintf("\n");
}

COMMAND(ranges, .group = GROUP_MEMORY,
	.help = "show the address ranges in use, and who took them")
{
	kprintf("%lu ranges of %lu pages\n", range_count(), range_pages());
	range_each(show_range);
}

/* ---- leaks --------------------------------------------------------------- */

#define PLACES_MAX 32

static struct {
	uint64_t place, blocks, bytes;
} places[PLACES_MAX];
static size_t place_count;
static uint64_t others; /* blocks of further places */

static void add(uint64_t bytes, uint64_t allocated_at)
{
	size_t i = 0;

	while (i < place_count && places[i].place != allocated_at)
		i++;
	if (i == PLACES_MAX) {
		others++;
		return;
	}
	if (i == place_count) {
		places[i].place = allocated_at;
		places[i].blocks = places[i].bytes = 0;
		place_count++;
	}
	places[i].blocks++;
	places[i].bytes += bytes;
}

COMMAND(leaks, .group = GROUP_MEMORY,
	.help = "show what was allocated since leaks was last called",
	.more = "Only what is still in use, by the place that allocated it: "
		"call it, do\nsomething twice, call it again.\n")
{
	place_count = others = 0;
	kmalloc_each_new(add);
	for (size_t i = 0; i < place_count; i++) {
		kprintf("%6lu blocks, %8lu bytes: ", places[i].blocks,
			places[i].bytes);
		show_place(places[i].place);
		kprintf("\n");
	}
	if (others)
		kprintf("%6lu blocks of further places\n", others);
	if (!place_count)
		kprintf("nothing new\n");
}
