#include "kernel/memory/range.h"

#include "boot/layout.h"
#include "kernel/sync/spinlock.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/pages.h"
#include "kernel/sanitize/sanitize.h"

/* Slot 256 of the top page table: the first address of the upper half. */
#ifdef SANITIZE
/* There it is slot 64: compilers write the shadow of a stack by themselves, and
 * the shadow of both halves of the addresses is in none (address / 8). */
#define RANGES_BASE 0x200000000000
#else
#define RANGES_BASE 0xFFFF800000000000
#endif

static struct ranges ranges;
static struct spinlock ranges_lock = SPINLOCK("ranges");
SPINLOCK_LISTED(ranges_lock);

/* ---- Memory behind a page ------------------------------------------------ */

static bool map_page(vaddr_t page)
{
	paddr_t frame = frame_take(FRAME_RANGE);

	if (!frame)
		return false;
	if (!pages_map(page, frame, PAGES_WRITE)) {
		frame_give(FRAME_RANGE, frame);
		return false;
	}
	frame_set_mapped(FRAME_RANGE, frame, true);
	return true;
}

/* Frames of pages that are absent now, and that other processors may still
 * reach. The lock is held. */
#define UNMAPPED_MAX 64
static paddr_t unmapped[UNMAPPED_MAX];
static size_t unmapped_count;

/* One interrupt for all of them. */
static void give_unmapped(void)
{
	if (!unmapped_count)
		return;
	pages_shootdown();
	while (unmapped_count)
		frame_give(FRAME_RANGE, unmapped[--unmapped_count]);
}

static void unmap_page(vaddr_t page)
{
	paddr_t frame = pages_unmap(page);

	frame_set_mapped(FRAME_RANGE, frame, false);
	unmapped[unmapped_count++] = frame;
	if (unmapped_count == UNMAPPED_MAX)
		give_unmapped();
}

void range_start(void)
{
	static const struct range_pages memory = { map_page, unmap_page };

	ranges_start(&ranges, &memory, RANGES_BASE);
}

/* ---- Taking and giving --------------------------------------------------- */

void *range_take(size_t bytes, vaddr_t place)
{
	uint64_t start;
	SPINLOCK_HOLD(&ranges_lock);

	start = ranges_take(&ranges, bytes, (uint32_t)place);
	if (start && !sanitize_range(start, bytes)) {
		ranges_give(&ranges, start, (uint32_t)place);
		start = 0;
	}
	give_unmapped(); /* where there was memory for a part only */
	return (void *)start;
}

enum range_error range_give(void *start, vaddr_t place)
{
	enum range_error error;
	SPINLOCK_HOLD(&ranges_lock);

	error = ranges_give(&ranges, (uint64_t)start, (uint32_t)place);
	give_unmapped();
	return error;
}

void range_make_guard(void *page)
{
	SPINLOCK_HOLD(&ranges_lock);

	unmap_page((vaddr_t)page);
	give_unmapped();
}

bool range_is_address(vaddr_t address)
{
	return address - RANGES_BASE < RANGES_SPAN;
}

/* ---- What is known ------------------------------------------------------- */

bool range_find(vaddr_t address, struct range *range)
{
	return ranges_find(&ranges, address, range);
}

uint64_t range_count(void)
{
	return ranges.count;
}

uint64_t range_pages(void)
{
	return ranges.pages;
}

void range_each(void (*visit)(const struct range *range))
{
	SPINLOCK_HOLD(&ranges_lock);

	ranges_each(&ranges, visit);
}
