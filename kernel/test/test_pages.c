/*
 * test_pages.c - frames, and what may be done to which page.
 */
#include <stdint.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/cpus.h"
#include "kernel/cpu/probe.h"
#include "kernel/cpu/stack.h"
#include "kernel/irq/irq.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "kernel/test/test.h"
#include "x86/cpuid.h"

extern const char text_start[], rodata_start[], data_start[], bss_end[];

/* After reset: SDM 3A, "Local APIC Register Address Map". */
#define LOCAL_APIC 0xFEE00000
#define NOWHERE 0x1234568000
#define PLACE ((uint64_t)__builtin_return_address(0))

/* Whether all pages are mapped, with these rights. PTE_NX is expected only
 * where the CPU has it. */
static bool has_rights(uint64_t start, uint64_t end, uint64_t rights)
{
	struct paging_walk walk;

	if (!(test_boot_info->cpu_flags & CPU_NX))
		rights &= ~PTE_NX;
	for (; start < end; start += PAGE_SIZE)
		if (!pages_walk(start, &walk) ||
		    paging_physical(&walk, start) != start ||
		    paging_rights(&walk) != rights)
			return false;
	return true;
}

static bool is_absent(uint64_t start, uint64_t end)
{
	struct paging_walk walk;

	for (; start < end; start += PAGE_SIZE)
		if (pages_walk(start, &walk))
			return false;
	return true;
}

TEST(pages_are_ours)
{
	EXPECT(cpu_cr3() != test_boot_info->page_tables);
	EXPECT(cpu_cr0() & CR0_WP);
	EXPECT(!(test_boot_info->cpu_flags & CPU_NX) ||
	       cpu_read_msr(MSR_EFER) & EFER_NXE);
}

TEST(pages_of_the_kernel)
{
	EXPECT(has_rights((uint64_t)text_start, (uint64_t)rodata_start, 0));
	EXPECT(has_rights((uint64_t)rodata_start, (uint64_t)data_start,
			  PTE_NX));
	EXPECT(has_rights((uint64_t)data_start, (uint64_t)stacks,
			  PTE_WRITE | PTE_NX));
	EXPECT(has_rights((uint64_t)&stacks[STACKS], (uint64_t)bss_end,
			  PTE_WRITE | PTE_NX));
}

TEST(pages_of_the_stacks)
{
	for (int i = 0; i < STACKS; i++) {
		uint64_t guard = (uint64_t)stacks[i].guard;
		uint64_t bytes = (uint64_t)stacks[i].bytes;

		EXPECT(is_absent(guard, bytes));
		EXPECT(has_rights(bytes, stack_top(&stacks[i]),
				  PTE_WRITE | PTE_NX));
	}
}

TEST(pages_of_the_first_mib)
{
	EXPECT(is_absent(0, PAGE_SIZE));
	EXPECT(has_rights(VGA_WINDOW_ADDR, VGA_WINDOW_END, PTE_WRITE | PTE_NX));
	EXPECT(has_rights(BIOS_ROM_ADDR, BIOS_ROM_END, PTE_NX));
}

/* Whether a word keeps what is written to it. */
static bool is_memory(uint64_t address)
{
	uint64_t before, after, pattern;

	if (probe_read(&before, address, sizeof(before)) != sizeof(before))
		return false;
	pattern = ~before;
	probe_write(address, &pattern, sizeof(pattern));
	probe_read(&after, address, sizeof(after));
	probe_write(address, &before, sizeof(before));
	return after == pattern;
}

/* The ends of a range; all of it would take long. */
static bool range_is_mapped(const struct mem_range *range, uint64_t rights)
{
	uint64_t end = range->base + range->length;

	return has_rights(range->base, range->base + PAGE_SIZE, rights) &&
	       has_rights(end - PAGE_SIZE, end, rights);
}

TEST(pages_of_ram)
{
	size_t count;
	const struct mem_range *map = frames_map(&count);
	uint64_t end = PAGE_SIZE;

	for (size_t i = 0; i < count; i++) {
		if (map[i].base > end && end >= LOAD_ADDR)
			EXPECT(is_absent(end, end + PAGE_SIZE));
		end = map[i].base + map[i].length;
		if (map[i].type == MEM_USABLE || map[i].type == MEM_LOADER)
			EXPECT(range_is_mapped(&map[i], PTE_WRITE | PTE_NX));
		if (map[i].type == MEM_USABLE) {
			EXPECT(is_memory(map[i].base));
			EXPECT(is_memory(end - sizeof(uint64_t)));
		}
		if (map[i].type == MEM_MODULE || map[i].type == MEM_ACPI)
			EXPECT(range_is_mapped(&map[i], PTE_NX));
		/* Where ACPI's tables lie it may have been made readable. */
		if (map[i].type == MEM_RESERVED && end > LOAD_ADDR &&
		    map[i].base < LOCAL_APIC)
			EXPECT(is_absent(map[i].base, map[i].base + 1) ||
			       has_rights(map[i].base, map[i].base + 1,
					  PTE_NX));
	}
}

TEST(pages_protect)
{
	uint8_t byte = 0;

	EXPECT(probe_read(&byte, (uint64_t)text_start, 1) == 1);
	EXPECT(probe_write((uint64_t)text_start, &byte, 1) == 0);
	EXPECT(probe_read(&byte, (uint64_t)rodata_start, 1) == 1);
	EXPECT(probe_write((uint64_t)rodata_start, &byte, 1) == 0);
	EXPECT(probe_read(&byte, 8, 1) == 0);
	EXPECT(probe_read(&byte, (uint64_t)stacks[STACK_BOOT].bytes - 1, 1) ==
	       0);
}

TEST(pages_map_devices)
{
	struct paging_walk walk;

	EXPECT(pages_map_device("# test", LOCAL_APIC + 0x20, 4) ==
	       (void *)(LOCAL_APIC + 0x20));
	EXPECT(has_rights(LOCAL_APIC, LOCAL_APIC + PAGE_SIZE,
			  PTE_WRITE | PTE_NX));
	EXPECT(pages_walk(LOCAL_APIC, &walk));
	EXPECT(walk.step[walk.levels - 1].entry & PTE_NO_CACHE);
	EXPECT(walk.step[walk.levels - 1].entry & PTE_WRITE_THROUGH);
	EXPECT(pages_map_device("# test", LOCAL_APIC, PAGE_SIZE));
	EXPECT(pages_map_device("# test", VGA_TEXT_ADDR, 4000));
}

TEST(pages_map_no_nonsense)
{
	EXPECT(!pages_map_device("# test", (uint64_t)data_start, 4));
	EXPECT(!pages_map_device("# test", 0, 4));
	EXPECT(!pages_map_device("# test", 0x7FFFFFFFFFFF, 4));
	EXPECT(!pages_map_device("# test", LOCAL_APIC, UINT64_MAX));
	/* More bits than the CPU has, or than a pointer has. */
	EXPECT(!pages_map_device("# test", 1ULL << 46, 4) ||
	       cpuid_physical_bits() > 46);
	EXPECT(!pages_map_firmware(UINT64_MAX, 2));
	EXPECT(!pages_map_firmware(BIOS_ROM_ADDR, 0));
}

TEST(pages_map_firmware_keeps_rights)
{
	EXPECT(pages_map_firmware((uint64_t)data_start + 1, PAGE_SIZE) ==
	       data_start + 1);
	EXPECT(has_rights((uint64_t)data_start,
			  (uint64_t)data_start + PAGE_SIZE,
			  PTE_WRITE | PTE_NX));
	EXPECT(pages_map_firmware(BIOS_ROM_END - 1, 1));
}

TEST(pages_walk_says_where_it_ends)
{
	struct paging_walk walk;

	EXPECT(!pages_walk(NOWHERE, &walk));
	EXPECT(walk.levels >= 1 && walk.levels < PAGING_LEVELS);
	EXPECT(!(walk.step[walk.levels - 1].entry & PTE_PRESENT));
}

/* The ends of each range that they come from. */
TEST(frames_are_mapped)
{
	size_t count;
	const struct mem_range *map = frames_map(&count);

	for (; count; count--, map++)
		if (map->type == MEM_USABLE)
			EXPECT(range_is_mapped(map, PTE_WRITE | PTE_NX));
}

TEST(frames_are_zeroed_memory)
{
	uint64_t available = frames_available();
	uint64_t frame = frame_take_zeroed(FRAME_TEST), again;
	volatile uint64_t *word = (volatile uint64_t *)frame;

	EXPECT(frame >= LOAD_ADDR && frame % PAGE_SIZE == 0);
	EXPECT(frames_available() == available - 1);
	word[0] = word[511] = 1;
	frame_give(FRAME_TEST, frame);
	EXPECT(frames_available() == available);
	again = frame_take_zeroed(FRAME_TEST);
	EXPECT(again == frame && word[0] == 0 && word[511] == 0);
	frame_give(FRAME_TEST, again);
}

/* ---- Shootdown ----------------------------------------------------------- */

/* The page's entry is changed behind the processor's back: what it reads is in
 * its TLB until that is forgotten. */
TEST(pages_shootdown_forgets)
{
	struct paging_walk walk;
	uint64_t *entry, seen;
	paddr_t other = frame_take_zeroed(FRAME_TEST);
	volatile uint64_t *page = range_take(PAGE_SIZE, PLACE);

	EXPECT(page && other);
	*page = 1;
	EXPECT(pages_walk((vaddr_t)page, &walk));
	entry = paddr_pointer(walk.step[walk.levels - 1].address);
	cpu_interrupts_off();
	*entry ^= paging_physical(&walk, (vaddr_t)page) ^ other;
	shootdown();
	seen = *page;
	*entry ^= paging_physical(&walk, (vaddr_t)page) ^ other;
	cpu_write_cr3(cpu_cr3());
	cpu_interrupts_on();
	EXPECT(range_give((void *)page, PLACE) == RANGE_OK);
	frame_give(FRAME_TEST, other);
	EXPECT(seen == 0 || irq_controllers() != IRQ_APIC);
}
