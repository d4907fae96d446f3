/*
 * show_map.c - the monitor's command map.
 */
#include "kernel/console/kprintf.h"
#include "kernel/monitor/command.h"
#include "memmap.h"

static void show(const struct mem_range *map, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		kprintf("  %016lx-%016lx  %12lu KiB  %s\n", map[i].base,
			map[i].base + map[i].length, map[i].length / 1024,
			memmap_type_name(map[i].type));
}

COMMAND(map, .help = "show the memory map, as the BIOS listed it and cleaned")
{
	const struct boot_info *info = command_boot_info;
	const struct mem_range *clean = (const void *)info->clean_map;

	kprintf("The BIOS listed %u ranges:\n", info->raw_count);
	show((const void *)info->raw_map, info->raw_count);
	kprintf("They are, cleaned, %u:\n", info->clean_count);
	show(clean, info->clean_count);
	kprintf("Usable are %lu KiB.\n",
		memmap_total(clean, info->clean_count, MEM_USABLE) / 1024);
}
