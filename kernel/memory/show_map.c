/*
 * show_map.c - the monitor's command map.
 */
#include "kernel/console/kprintf.h"
#include "kernel/memory/frames.h"
#include "kernel/monitor/command.h"
#include "memmap.h"

static void show(const struct mem_range *map, size_t count)
{
	for (size_t i = 0; i < count; i++)
		kprintf("  %016lx-%016lx  %12lu KiB  %s\n", map[i].base,
			memmap_end(&map[i]), map[i].length / 1024,
			memmap_type_name(map[i].type));
}

COMMAND(map, .help = "show the memory map, as the BIOS listed it and cleaned")
{
	const struct boot_info *info = command_boot_info;
	size_t ranges;
	const struct mem_range *clean = frames_map(&ranges);

	kprintf("The BIOS listed %u ranges:\n", info->raw_count);
	show((const void *)info->raw_map, info->raw_count);
	kprintf("They are, cleaned, %zu:\n", ranges);
	show(clean, ranges);
	kprintf("Usable are %lu KiB.\n",
		memmap_total(clean, ranges, MEM_USABLE) / 1024);
	if (frames_out_of_reach())
		kprintf("%lu KiB more lie above %#lx, which the CPU cannot "
			"address.\n",
			frames_out_of_reach() / 1024, frames_physical_end());
}
