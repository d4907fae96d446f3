/*
 * snapshot.cc - copies of the machine.
 *
 * All of the machine lies in WebAssembly's memory: a copy of that is a copy of
 * the machine. The first is kept whole; of others, JavaScript keeps the pages
 * that differ from it. Left out are Bochs's cache of decoded instructions,
 * which is emptied instead, and the record.
 */
#include "engine.h"

#define PAGE 4096

static Bit8u *first; /* the copy */
static unsigned size; /* of the machine's memory, from address 0 on */
static Bit32u *changed; /* pages that differ from the copy */

/* Bochs's cache of decoded instructions, in whole pages. */
static unsigned cache_page(unsigned end)
{
	unsigned long cache = (unsigned long)&CPU->iCache;

	return end ? (cache + sizeof CPU->iCache) / PAGE :
		     (cache + PAGE - 1) / PAGE;
}

/* Room for what Bochs allocates later: it must lie within what is copied, with
 * all that malloc() writes beside it. */
#define LATER_BYTES (1 << 20)

/* Called once, before the first step. What was allocated before the record
 * lies below it. Returns the machine's size in bytes, or 0: Bochs has not
 * started. */
EXPORT unsigned pc_snapshot_first(void)
{
	void *volatile later; /* volatile: or the compiler drops it */

	if (!bochs_started)
		return 0;
	later = malloc(LATER_BYTES);
	record_init();
	size = (unsigned)record_memory / PAGE * PAGE;
	first = (Bit8u *)malloc(size);
	changed = (Bit32u *)malloc(size / PAGE * sizeof(Bit32u));
	free(later);
	memcpy(first + PAGE, (Bit8u *)PAGE, size - PAGE);
	return size;
}

static bool differs(const Bit64u *a, const Bit64u *b)
{
	for (unsigned i = 0; i < PAGE / 8; i++)
		if (a[i] != b[i])
			return true;
	return false;
}

/* The pages that differ; their number in front. */
EXPORT Bit32u *pc_snapshot_pages(void)
{
	unsigned count = 0;

	for (unsigned page = 1; page < size / PAGE; page++) {
		if (page == cache_page(0))
			page = cache_page(1);
		if (differs((Bit64u *)(page * PAGE),
			    (Bit64u *)(first + page * PAGE)))
			changed[++count] = page;
	}
	changed[0] = count;
	return changed;
}

/* Puts the first copy back. What JavaScript kept of another comes on top, then
 * pc_snapshot_done(). */
EXPORT void pc_snapshot_restore(void)
{
	memcpy((void *)PAGE, first + PAGE, (cache_page(0) - 1) * PAGE);
	memcpy((void *)(cache_page(1) * PAGE), first + cache_page(1) * PAGE,
	       size - cache_page(1) * PAGE);
}

EXPORT void pc_snapshot_done(void)
{
	flushICaches();
	/* set by that; a REP would stop for it */
	CPU->async_event &= ~BX_ASYNC_EVENT_STOP_TRACE;
}
