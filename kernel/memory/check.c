#include "kernel/memory/check.h"

#include "boot/x86.h"
#include "kernel/console/kprintf.h"
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

static struct page_check rules(void)
{
	return (struct page_check){
		.read = pages_read_entry,
		.is_table = is_table,
		.is_program = is_program,
		.physical_end = frames_physical_end(),
		.nx = pages_have_nx(),
		.found = show,
	};
}

/* The kernel's entries need not be followed twice. */
static size_t check_space(paddr_t root)
{
	const struct page_check check = rules();
	size_t found =
		page_check_part(&check, root, PAGES_SLOT_FIRST, PAGES_SLOT_END);

	for (unsigned int slot = 0; slot < PAGES_SLOTS; slot++) {
		if ((slot >= PAGES_SLOT_FIRST && slot < PAGES_SLOT_END) ||
		    pages_space_shares(root, slot))
			continue;
		kprintf("# slot %u of an address space is not the kernel's\n",
			slot);
		found++;
	}
	return found;
}

size_t check_pages(void)
{
	const struct page_check check = rules();

	return page_check(&check, pages_root()) + pages_space_each(check_space);
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
