/*
 * test_boot.c - what the boot protocol promises (docs/boot-protocol.md), as
 * far as it still holds when the tests run.
 */
#include <stdint.h>

#include "boot/bootinfo.h"
#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/stack.h"
#include "kernel/test/test.h"
#include "memmap.h"
#include "x86/tsc.h"

extern char kernel_start[], kernel_end[], bss_start[], bss_end[];
extern char text_start[], text_end[];

TEST(boot_control_registers)
{
	EXPECT(cpu_cr0() == BOOT_CR0);
	EXPECT((cpu_cr4() & BOOT_CR4) == BOOT_CR4);
	EXPECT(cpu_read_msr(MSR_EFER) & EFER_LMA);
}

TEST(boot_flags)
{
	EXPECT(!(cpu_flags() & EFLAGS_DF));
}

TEST(boot_stack)
{
	const struct boot_info *info = test_boot_info;
	uint64_t here = (uint64_t)__builtin_frame_address(0);

	EXPECT(info->stack_high - info->stack_low >= KERNEL_STACK_MIN);
	EXPECT(here < info->stack_low || here > info->stack_high);
	EXPECT(here > (uint64_t)stacks[STACK_BOOT].bytes &&
	       here < stack_top(&stacks[STACK_BOOT]));
}

TEST(boot_kernel_range)
{
	const struct boot_info *info = test_boot_info;
	uint64_t start = (uint64_t)kernel_start, end = (uint64_t)kernel_end;

	EXPECT(info->kernel.base == start);
	EXPECT(start + info->kernel.memory <= end);
	EXPECT(start + info->kernel.memory >= (uint64_t)bss_start);
	EXPECT(info->kernel_entry >= (uint64_t)text_start &&
	       info->kernel_entry < (uint64_t)text_end);
}

/* What a range is in the clean map; 0: not listed as one. */
static uint32_t type_of(uint64_t base, uint64_t length)
{
	const struct mem_range *map =
		(const struct mem_range *)test_boot_info->clean_map;

	for (uint32_t i = 0; i < test_boot_info->clean_count; i++)
		if (base >= map[i].base &&
		    base + length <= map[i].base + map[i].length)
			return map[i].type;
	return 0;
}

TEST(boot_map_is_clean)
{
	const struct mem_range *map =
		(const struct mem_range *)test_boot_info->clean_map;

	EXPECT(test_boot_info->clean_count > 0);
	for (uint32_t i = 0; i < test_boot_info->clean_count; i++) {
		EXPECT(map[i].length > 0);
		EXPECT((map[i].base | map[i].length) % PAGE_SIZE == 0);
		if (i)
			EXPECT(map[i - 1].base + map[i - 1].length <=
			       map[i].base);
	}
}

TEST(boot_map_lists_loader)
{
	const struct boot_info *info = test_boot_info;

	EXPECT(type_of((uint64_t)kernel_start, PAGE_SIZE) == MEM_KERNEL);
	EXPECT(type_of(info->kernel.base, info->kernel.memory) == MEM_KERNEL);
	EXPECT(type_of((uint64_t)info, info->size) == MEM_LOADER);
	EXPECT(type_of(info->page_tables, PAGE_SIZE) == MEM_LOADER);
	EXPECT(type_of(info->idt, 256) == MEM_LOADER);
	EXPECT(type_of(info->gdt, 24) == MEM_LOADER);
	EXPECT(type_of(info->stack_low, info->stack_high - info->stack_low) ==
	       MEM_LOADER);
	EXPECT(type_of(info->ap_page, PAGE_SIZE) == MEM_AP_PAGE);
	EXPECT(info->ap_page + PAGE_SIZE <= 0x100000);
	for (uint32_t i = 0; i < info->module_count; i++)
		EXPECT(type_of(info->modules[i].base,
			       info->modules[i].memory) == MEM_MODULE);
}

TEST(boot_time_stamps_rise)
{
	for (int i = 1; i < TIME_COUNT; i++)
		EXPECT(test_boot_info->time_stamps[i - 1] <=
		       test_boot_info->time_stamps[i]);
	EXPECT(test_boot_info->time_stamps[TIME_KERNEL] < tsc_read());
}
