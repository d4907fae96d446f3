#include "kernel/memory/check.h"

#include "boot/x86.h"
#include "kernel/console/kprintf.h"
#include "kernel/cpu/cpu.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/pages.h"
#include "kernel/monitor/command.h"
#include "page_check.h"

static bool is_owned(paddr_t frame, enum frame_owner owner)
{
	uint8_t state;

	return frame_state(frame, &state) &&
	       (state & (FRAME_OUT | FRAME_OWNER)) == (FRAME_OUT | owner);
}

static bool is_table(paddr_t frame)
{
	return is_owned(frame, FRAME_TABLE);
}

static bool is_program(paddr_t frame)
{
	return is_owned(frame, FRAME_PROGRAM);
}

static void show(const struct page_finding *finding)
{
	kprintf("# the page at %#lx %s", finding->address,
		page_violation_text(finding->what));
	if (finding->what == PAGE_ALIAS)
		kprintf(" at %#lx", finding->other);
	kprintf(" (physical %#lx)\n", finding->physical);
}

size_t check_pages(void)
{
	const struct page_check check = {
		.read = pages_read_entry,
		.is_table = is_table,
		.is_program = is_program,
		.physical_end = frames_physical_end(),
		.nx = pages_have_nx(),
		.found = show,
	};

	return page_check(&check, cpu_cr3() & PTE_ADDRESS);
}

COMMAND(wx, .group = GROUP_MEMORY,
	.help = "look for pages that can be written and executed",
	.more = "Walks all page tables: no page may be written and executed, "
		"by one\naddress or by two; ring 3 reaches programs' memory "
		"alone.\n")
{
	size_t found = check_pages();

	if (found)
		kprintf("%zu found\n", found);
	else
		kprintf("none\n");
}
