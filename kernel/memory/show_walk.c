/*
 * show_walk.c - the monitor's command pagewalk.
 */
#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/bits.h"
#include "kernel/memory/pages.h"
#include "kernel/monitor/command.h"

/* SDM 3A, "Format of a Page-Table Entry". Bit 7 is something else in the
 * last level. */
static const char *const bits[] = { "present", "write", "user",
				    "write-through", "no-cache", "accessed",
				    "dirty", "huge", "global" };
#define BIT_COUNT (sizeof(bits) / sizeof(bits[0]))

static void show_step(const struct paging_walk *walk, unsigned int i)
{
	static const char *const levels[PAGING_LEVELS] = { "PML4", "PDPT", "PD",
							   "PT" };
	uint64_t entry = walk->step[i].entry;

	kprintf("%-5s %016lx  %016lx ", levels[i], walk->step[i].address,
		entry);
	if (walk->unreadable && i + 1 == walk->levels)
		kprintf(" can't be read");
	else if (!(entry & PTE_PRESENT))
		kprintf(" not present");
	else
		bits_print(entry, bits, BIT_COUNT, 41, 41);
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

COMMAND(pagewalk, .arguments = "ADDR", .least = 1, .most = 1,
	.help = "follow an address through the page tables",
	.more = "Each row: where the entry stands, the entry, its bits.\n")
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
		show_step(&walk, i);
	if (mapped)
		show_page(&walk, address);
	else
		kprintf("%#lx is not mapped\n", address);
}
