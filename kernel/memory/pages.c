#include "kernel/memory/pages.h"

#include <stddef.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/probe.h"
#include "kernel/cpu/stack.h"
#include "kernel/memory/frames.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/sync/spinlock.h"
#include "string.h"
#include "x86/cpuid.h"

/* link/kernel.ld; each begins on a page of its own */
extern const char text_start[], rodata_start[], data_start[], kernel_end[];

#define READ (PTE_PRESENT | PTE_NX)
#define WRITE (READ | PTE_WRITE)
#define EXECUTE PTE_PRESENT
#define ABSENT 0
/* Both bits choose entry 3 of the PAT. From reset on it means uncacheable,
 * whatever the MTRRs say, unless firmware has changed it: that is not checked
 * (SDM 3A, "Page Attribute Table (PAT)"). */
#define DEVICE (WRITE | PTE_NO_CACHE | PTE_WRITE_THROUGH)

static struct paging paging;
static struct pages_space *spaces;
static struct spinlock pages_lock = SPINLOCK("pages");
SPINLOCK_LISTED(pages_lock);

static paddr_t take_table(void)
{
	return frame_take_zeroed(FRAME_TABLE);
}

/* Tables that are empty, and that other processors may still walk through. The
 * lock is held. */
#define EMPTY_MAX 64
static paddr_t empty_tables[EMPTY_MAX];
static size_t empty_count;

static void give_empty_tables(void)
{
	if (!empty_count)
		return;
	shootdown();
	while (empty_count)
		frame_give(FRAME_TABLE, empty_tables[--empty_count]);
}

static void give_table(paddr_t frame)
{
	/* Not with this one: entries of other spaces may still lead to it. */
	if (empty_count == EMPTY_MAX)
		give_empty_tables();
	empty_tables[empty_count++] = frame;
}

/* ---- Entries that all spaces have ---------------------------------------- */

/* Not what the CPU notes, nor the count of a table's entries. */
#define SHARED (PTE_ADDRESS | PTE_PRESENT | PTE_WRITE | PTE_USER)

static uint64_t *top_entry(paddr_t root, unsigned int slot)
{
	return (uint64_t *)paddr_pointer(root) + slot;
}

/* After a change of the kernel's tables: most leave the top table alone. */
static void share_with_all(vaddr_t address)
{
	unsigned int slot = address >> 39 & (PAGES_SLOTS - 1);
	uint64_t entry = *top_entry(paging.root, slot) & SHARED;

	for (struct pages_space *space = spaces; space; space = space->next) {
		uint64_t *own = top_entry(space->root, slot);

		if ((*own & SHARED) == entry)
			return;
		*own = entry;
	}
}

static inline void share(vaddr_t address)
{
	if (spaces)
		share_with_all(address);
}

static void map(paddr_t start, paddr_t end, uint64_t flags)
{
	if (!paging_map(&paging, start, start, end - start, flags))
		panic("no memory left for page tables");
}

/* ---- What is there from the start ---------------------------------------- */

static uint64_t flags_of(uint32_t type)
{
	switch (type) {
	case MEM_USABLE:
	case MEM_LOADER:
	case MEM_KERNEL:
	case MEM_AP_PAGE:
		return WRITE;
	case MEM_MODULE:
	case MEM_ACPI:
	case MEM_NVS:
		return READ;
	default:
		return ABSENT;
	}
}

static void map_ram(void)
{
	size_t count;
	const struct mem_range *range = frames_map(&count);

	for (; count; count--, range++)
		if (flags_of(range->type) != ABSENT)
			map(range->base, range->base + range->length,
			    flags_of(range->type));
}

static void map_kernel(void)
{
	map((uint64_t)text_start, (uint64_t)rodata_start, EXECUTE);
	map((uint64_t)rodata_start, (uint64_t)data_start, READ);
	map((uint64_t)data_start, (uint64_t)kernel_end, WRITE);
	for (int i = 0; i < STACKS; i++)
		map((uint64_t)stacks[i].guard, (uint64_t)stacks[i].bytes,
		    ABSENT);
}

static void map_legacy(void)
{
	map(0, PAGE_SIZE, ABSENT);
	map(VGA_WINDOW_ADDR, VGA_WINDOW_END, DEVICE);
	map(BIOS_ROM_ADDR, BIOS_ROM_END, READ);
}

void pages_start(bool pages_1g, bool nx)
{
	paging = (struct paging){
		.root = take_table(),
		.new_table = take_table,
		.give_table = give_table,
		.pages_1g = pages_1g,
		.nx = nx,
	};
	if (!paging.root)
		panic("no memory left for page tables");
	map_ram();
	map_kernel();
	map_legacy();
	pages_start_cpu();
}

void pages_start_cpu(void)
{
	if (paging.nx)
		cpu_write_msr(MSR_EFER, cpu_read_msr(MSR_EFER) | EFER_NXE);
	cpu_write_cr3(paging.root);
}

/* For the panic page. */
PANIC_RANGES(memory)
{
	const struct named_range ranges[] = {
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

	if (n >= sizeof(ranges) / sizeof(ranges[0]))
		return false;
	*range = ranges[n];
	return true;
}

/* ---- What is asked for later --------------------------------------------- */

bool pages_read_entry(paddr_t from, uint64_t *entry)
{
	return probe_read(entry, from, sizeof(*entry)) == sizeof(*entry);
}

bool pages_have_nx(void)
{
	return paging.nx;
}

bool pages_walk(vaddr_t address, struct paging_walk *walk)
{
	return paging_walk(cpu_cr3(), address, pages_read_entry, walk);
}

/* Gives the page these flags if it is absent. NULL, or why it can't be used. */
static const char *map_page(paddr_t page, uint64_t flags)
{
	struct paging_walk walk;

	if (!pages_walk(page, &walk)) {
		bool done = paging_map(&paging, page, page, PAGE_SIZE, flags);

		share(page);
		return done ? NULL : "no memory is left for page tables";
	}
	if (flags & PTE_NO_CACHE &&
	    !(walk.step[walk.levels - 1].entry & PTE_NO_CACHE))
		return "memory lies there";
	return NULL;
}

/* In a page table entry, bits above those of a physical address are reserved:
 * whatever is reached through it is a page fault. */
static bool can_be_address(paddr_t physical, uint64_t bytes)
{
	paddr_t end = frames_physical_end();

	return bytes && bytes <= end && physical <= end - bytes;
}

/* NULL, or why it was refused. */
static const char *map_asked(paddr_t physical, uint64_t bytes, uint64_t flags)
{
	paddr_t page = address_page(physical);
	const char *refusal = NULL;
	SPINLOCK_HOLD(&pages_lock);

	if (!can_be_address(physical, bytes))
		return "the CPU has no such addresses";
	if (page == 0)
		return "page 0 is never mapped";
	for (; page < physical + bytes && !refusal; page += PAGE_SIZE)
		refusal = map_page(page, flags);
	/* What was absent is in no TLB: nothing to flush. */
	return refusal;
}

volatile void *pages_map_device(const char *name, paddr_t physical,
				uint64_t bytes)
{
	const char *refusal = map_asked(physical, bytes, DEVICE);

	if (refusal) {
		kprintf("%s at %#lx, %#lx bytes, is not used: %s\n", name,
			physical, bytes, refusal);
		return NULL;
	}
	return paddr_pointer(physical);
}

const void *pages_map_firmware(paddr_t physical, uint64_t bytes)
{
	return map_asked(physical, bytes, READ) ? NULL :
						  paddr_pointer(physical);
}

bool pages_map(vaddr_t page, paddr_t frame, enum pages_rights rights)
{
	static const uint64_t flags[] = {
		[PAGES_READ] = READ,
		[PAGES_WRITE] = WRITE,
		[PAGES_EXECUTE] = EXECUTE,
	};
	bool done;
	SPINLOCK_HOLD(&pages_lock);

	/* What was absent is in no TLB. */
	done = paging_map_page(&paging, page, frame, flags[rights]);
	share(page);
	return done;
}

void pages_shootdown(void)
{
	SPINLOCK_HOLD(&pages_lock);

	if (empty_count)
		give_empty_tables();
	else
		shootdown();
}

paddr_t pages_unmap(vaddr_t page)
{
	SPINLOCK_HOLD(&pages_lock);
	paddr_t frame = paging_unmap_page(&paging, page);

	if (!frame)
		panic("%#lx was to be unmapped, but is not mapped", page);
	share(page);
	cpu_invlpg(page);
	return frame;
}

/* ---- Address spaces ------------------------------------------------------ */

paddr_t pages_root(void)
{
	return paging.root;
}

bool pages_space_shares(paddr_t root, unsigned int slot)
{
	return ((*top_entry(root, slot) ^ *top_entry(paging.root, slot)) &
		SHARED) == 0;
}

bool pages_space_start(struct pages_space *space)
{
	space->root = frame_take(FRAME_TABLE);
	if (!space->root)
		return false;
	SPINLOCK_HOLD(&pages_lock);
	memcpy(paddr_pointer(space->root), paddr_pointer(paging.root),
	       PAGE_SIZE);
	space->next = spaces;
	spaces = space;
	return true;
}

/* The space is this processor's, or nobody's. */
static void give_own_table(paddr_t frame)
{
	cpu_write_cr3(cpu_cr3()); /* flushes the TLB */
	frame_give(FRAME_TABLE, frame);
}

static struct paging paging_of(const struct pages_space *space)
{
	struct paging own = paging;

	own.root = space->root;
	own.give_table = give_own_table;
	return own;
}

void pages_space_end(struct pages_space *space)
{
	struct pages_space **link = &spaces;

	pages_space_clear(space, PROGRAM_LOW, PROGRAM_HIGH);
	SPINLOCK_HOLD(&pages_lock);
	while (*link != space)
		link = &(*link)->next;
	*link = space->next;
	frame_give(FRAME_TABLE, space->root);
}

bool pages_space_map(struct pages_space *space, vaddr_t page, paddr_t frame,
		     enum pages_rights rights)
{
	static const uint64_t flags[] = {
		[PAGES_READ] = READ | PTE_USER,
		[PAGES_WRITE] = WRITE | PTE_USER,
		[PAGES_EXECUTE] = EXECUTE | PTE_USER,
	};
	const struct paging own = paging_of(space);
	SPINLOCK_HOLD(&pages_lock);

	if (!paging_map_page(&own, page, frame, flags[rights]))
		return false;
	frame_set_mapped(FRAME_PROGRAM, frame, true);
	return true;
}

static void give_page(vaddr_t page, paddr_t frame)
{
	cpu_invlpg(page);
	frame_set_mapped(FRAME_PROGRAM, frame, false);
	frame_give(FRAME_PROGRAM, frame);
}

/* The lock is held for so many pages at a time. */
#define PAGES_AT_ONCE 16

void pages_space_clear(struct pages_space *space, vaddr_t start, vaddr_t end)
{
	const struct paging own = paging_of(space);

	while (start < end) {
		SPINLOCK_HOLD(&pages_lock);
		start = paging_clear(&own, start, end, PAGES_AT_ONCE,
				     give_page);
	}
}

size_t pages_space_each(size_t (*visit)(paddr_t root))
{
	size_t sum = 0;
	SPINLOCK_HOLD(&pages_lock);

	for (struct pages_space *space = spaces; space; space = space->next)
		sum += visit(space->root);
	return sum;
}

void pages_let_user_execute(vaddr_t address, bool let)
{
	vaddr_t page = address_page(address);
	SPINLOCK_HOLD(&pages_lock);

	map(page, page + PAGE_SIZE, EXECUTE | (let ? PTE_USER : 0));
	cpu_write_cr3(cpu_cr3()); /* flushes the TLB */
}
