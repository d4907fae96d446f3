/*
 * show_map.c - the monitor's commands map and pagewalk: which memory there
 * is, and how an address gets there.
 */
#include "boot/bootinfo.h"
#include "boot/layout.h"
#include "boot/x86.h"
#include "format.h"
#include "kernel/console/kprintf.h"
#include "kernel/device/vga.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/pages.h"
#include "kernel/monitor/command.h"
#include "memmap.h"

/* ---- map ----------------------------------------------------------------- */

uint8_t frames_map_color(uint32_t type)
{
	switch (type) {
	case MEM_USABLE:
		return VGA_ATTRIBUTE(VGA_LIGHT_GREEN, VGA_BLACK);
	case MEM_LOADER:
	case MEM_KERNEL:
	case MEM_MODULE:
	case MEM_AP_PAGE:
		return VGA_ATTRIBUTE(VGA_LIGHT_CYAN, VGA_BLACK);
	case MEM_BAD:
		return VGA_ATTRIBUTE(VGA_LIGHT_RED, VGA_BLACK);
	default:
		return VGA_NORMAL;
	}
}

/* "639 KiB", "126.8 MiB", "12 GiB": the largest unit of which there is one, and
 * tenths, rounded down. */
static const char *size_text(uint64_t bytes, char *text, size_t room)
{
	static const char *const units[] = { "bytes", "KiB", "MiB",
					     "GiB",   "TiB", "PiB" };
	unsigned int unit = 0, shift = 0;
	uint64_t tenths;

	while (unit + 1 < sizeof(units) / sizeof(units[0]) &&
	       bytes >> shift >= 1024) {
		unit++;
		shift += 10;
	}
	tenths = unit ? (bytes >> (shift - 10) & 1023) * 10 / 1024 : 0;
	if (tenths)
		ksnprintf(text, room, "%lu.%lu %s", bytes >> shift, tenths,
			  units[unit]);
	else
		ksnprintf(text, room, "%lu %s", bytes >> shift, units[unit]);
	return text;
}

static void show_ranges(const struct mem_range *map, size_t count)
{
	char size[24];

	for (size_t i = 0; i < count; i++)
		kprintf_colored(frames_map_color(map[i].type),
				"  %016lx-%016lx  %10s  %s\n", map[i].base,
				memmap_end(&map[i]),
				size_text(map[i].length, size, sizeof(size)),
				memmap_type_name(map[i].type));
}

COMMAND(map, .group = GROUP_MEMORY,
	.help = "show the memory map, as the BIOS listed it and cleaned",
	.more = "Green: usable, by whoever asks for frames. Cyan: the loader's "
		"and the kernel's.\n")
{
	struct frames_map raw = frames_raw_map();
	size_t ranges;
	const struct mem_range *clean = frames_map(&ranges);

	kprintf("The BIOS listed %zu ranges:\n", raw.count);
	show_ranges(raw.ranges, raw.count);
	kprintf("They are, cleaned, %zu:\n", ranges);
	show_ranges(clean, ranges);
	kprintf("Usable are %lu KiB.\n",
		memmap_total(clean, ranges, MEM_USABLE) / 1024);
	if (frames_out_of_reach())
		kprintf("%lu KiB more lie above %#lx, which the CPU cannot "
			"address.\n",
			frames_out_of_reach() / 1024, frames_physical_end());
}

/* ---- pagewalk ------------------------------------------------------------ */

/* SDM 3A, "Format of a Page-Table Entry". Bit 7 is something else in the
 * last level. */
static const char *const bits[] = { "present",	     "write",	 "user",
				    "write-through", "no-cache", "accessed",
				    "dirty",	     "huge",	 "global" };
#define BIT_COUNT (sizeof(bits) / sizeof(bits[0]))

static void show_walk_step(const struct paging_walk *walk, unsigned int i)
{
	static const char *const levels[PAGING_LEVELS] = { "PML4", "PDPT", "PD",
							   "PT" };
	uint64_t entry = walk->step[i].entry;
	uint64_t place = walk->step[i].address;
	unsigned int room = entry & PTE_NX ? sizeof(" nx") - 1 : 0;

	kprintf("%-4s %3lu at %012lx  %016lx ", levels[i],
		place % PAGE_SIZE / sizeof(entry), place, entry);
	if (walk->unreadable && i + 1 == walk->levels)
		kprintf(" can't be read");
	else if (!(entry & PTE_PRESENT))
		kprintf(" not present");
	else
		kprintf_bits(entry, bits, BIT_COUNT, 43 + room, 43);
	kprintf("%s\n", entry & PTE_NX ? " nx" : "");
}

static void show_page(const struct paging_walk *walk, uint64_t address)
{
	uint64_t rights = paging_rights(walk);
	uint64_t bytes = paging_entry_bytes(PAGING_LEVELS + 1 - walk->levels);

	kprintf("%#lx is physical %#lx, in a page of %lu KiB: read%s%s\n",
		address, paging_physical(walk, address), bytes / 1024,
		rights & PTE_WRITE ? ", write" : "",
		rights & PTE_NX ? "" : ", execute");
}

COMMAND(pagewalk, .group = GROUP_MEMORY, .arguments = "ADDR", .least = 1,
	.most = 1, .help = "follow an address through the page tables",
	.more = "Each row: the entry's index, 9 bits of ADDR; its place; the entry; its bits.\n")
{
	struct paging_walk walk;
	uint64_t address;
	bool mapped;

	if (!command_number(words[1], &address))
		return;
	if (!paging_is_canonical(address)) {
		kprintf("%#lx is not canonical: bits 48 to 63 do not repeat "
			"bit 47\n",
			address);
		return;
	}
	mapped = pages_walk(address, &walk);
	for (unsigned int i = 0; i < walk.levels; i++)
		show_walk_step(&walk, i);
	if (mapped)
		show_page(&walk, address);
	else
		kprintf("%#lx is not mapped\n", address);
}
