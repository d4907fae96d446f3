#include "page_check.h"

#include "boot/layout.h"
#include "boot/x86.h"
#include "paging.h"

#define ENTRIES 512
#define EXECUTABLE_MAX 64 /* a kernel's text is one */

/* Pages whose addresses, of both kinds, follow each other. */
struct mapping {
	uint64_t address, physical, bytes;
	uint64_t rights; /* PTE_WRITE, PTE_USER, PTE_NX: as paging_rights() */
};

struct scan {
	const struct page_check *check;
	void (*page)(struct scan *scan, const struct mapping *page);
	size_t findings;
	unsigned int first, end; /* entries of the top table */
	/* What the first scan finds, for the second to compare with. */
	struct mapping executable[EXECUTABLE_MAX];
	size_t count;
	bool too_many;
};

static void report(struct scan *scan, enum page_violation what,
		   uint64_t address, uint64_t physical, uint64_t other)
{
	const struct page_finding finding = { what, address, other, physical };

	scan->findings++;
	scan->check->found(&finding);
}

/* ---- The first scan: each page, and each table by itself ----------------- */

static bool follows(const struct mapping *last, const struct mapping *page)
{
	return last->address + last->bytes == page->address &&
	       last->physical + last->bytes == page->physical;
}

static void note_executable(struct scan *scan, const struct mapping *page)
{
	struct mapping *last = scan->executable + scan->count;

	if (scan->count && follows(--last, page)) {
		last->bytes += page->bytes;
	} else if (scan->count < EXECUTABLE_MAX) {
		scan->executable[scan->count++] = *page;
	} else if (!scan->too_many) {
		scan->too_many = true;
		report(scan, PAGE_TOO_MANY, page->address, page->physical, 0);
	}
}

static bool is_executable(const struct scan *scan, const struct mapping *page)
{
	return scan->check->nx && !(page->rights & PTE_NX);
}

/* Ring 3 may have every frame of the page. */
static bool is_program(const struct scan *scan, const struct mapping *page)
{
	for (uint64_t at = 0; at < page->bytes; at += PAGE_SIZE)
		if (!scan->check->is_program(page->physical + at))
			return false;
	return true;
}

static void check_page(struct scan *scan, const struct mapping *page)
{
	if (page->physical >= scan->check->physical_end)
		report(scan, PAGE_BEYOND, page->address, page->physical, 0);
	if (is_executable(scan, page)) {
		if (page->rights & PTE_WRITE)
			report(scan, PAGE_WRITE_EXECUTE, page->address,
			       page->physical, 0);
		/* A program's frame has one address beside its own. */
		if (!(page->rights & PTE_USER))
			note_executable(scan, page);
	}
	if (page->rights & PTE_USER && !is_program(scan, page))
		report(scan, PAGE_USER, page->address, page->physical, 0);
}

static unsigned int count_in(uint64_t entry)
{
	return (unsigned int)(entry >> PTE_COUNT_SHIFT & PTE_COUNT);
}

/* ---- The second scan: pages that are executed elsewhere ------------------ */

static void check_aliases(struct scan *scan, const struct mapping *page)
{
	if (!(page->rights & PTE_WRITE))
		return;
	for (size_t i = 0; i < scan->count; i++) {
		const struct mapping *other = &scan->executable[i];

		if (page->physical < other->physical + other->bytes &&
		    other->physical < page->physical + page->bytes &&
		    page->address != other->address)
			report(scan, PAGE_ALIAS, page->address, page->physical,
			       other->address);
	}
}

/* ---- Going through the tables -------------------------------------------- */

/* Bits 48 to 63 repeat bit 47 (SDM 1, "Canonical Addressing"). */
static uint64_t canonical(uint64_t address)
{
	return address & 1ULL << 47 ? address | ~0ULL << 48 : address;
}

static struct mapping page_of(uint64_t entry, uint64_t address,
			      unsigned int level, uint64_t rights)
{
	uint64_t bytes = paging_entry_bytes(level);

	return (struct mapping){
		.address = canonical(address),
		.physical = entry & PTE_ADDRESS & ~(bytes - 1),
		.bytes = bytes,
		.rights = (rights & entry & (PTE_WRITE | PTE_USER)) |
			  ((rights | entry) & PTE_NX),
	};
}

/* Returns how many entries of the table are present; ENTRIES + 1: it can't be
 * read. At most PAGING_LEVELS deep. */
static unsigned int scan_table(struct scan *scan, uint64_t table,
			       uint64_t address, unsigned int level,
			       uint64_t rights);

static void scan_below(struct scan *scan, uint64_t entry,
		       const struct mapping *below, unsigned int level)
{
	uint64_t table = entry & PTE_ADDRESS;
	bool first = scan->page == check_page;
	unsigned int present;

	if (!scan->check->is_table(table)) {
		if (first)
			report(scan, PAGE_TABLE, below->address, table, 0);
		return;
	}
	present = scan_table(scan, table, below->address, level, below->rights);
	if (!first)
		return;
	if (present > ENTRIES)
		report(scan, PAGE_UNREADABLE, below->address, table, 0);
	else if (present != count_in(entry))
		report(scan, PAGE_COUNT, below->address, table, 0);
}

static unsigned int scan_table(struct scan *scan, uint64_t table,
			       uint64_t address, unsigned int level,
			       uint64_t rights)
{
	bool top = level == PAGING_LEVELS;
	uint64_t end = top ? scan->end : ENTRIES;
	unsigned int present = 0;

	for (uint64_t i = top ? scan->first : 0; i < end; i++) {
		uint64_t at = address + i * paging_entry_bytes(level);
		struct mapping page;
		uint64_t entry;

		if (!scan->check->read(table + i * sizeof(entry), &entry))
			return ENTRIES + 1;
		if (!(entry & PTE_PRESENT))
			continue;
		present++;
		page = page_of(entry, at, level, rights);
		if (level == 1 || entry & PTE_HUGE)
			scan->page(scan, &page);
		else
			scan_below(scan, entry, &page, level - 1);
	}
	return present;
}

size_t page_check_part(const struct page_check *check, uint64_t root,
		       unsigned int first, unsigned int end)
{
	struct scan scan = {
		.check = check, .page = check_page, .first = first, .end = end
	};
	const uint64_t all = PTE_WRITE | PTE_USER;

	root &= PTE_ADDRESS;
	if (!check->is_table(root))
		report(&scan, PAGE_TABLE, 0, root, 0);
	if (scan_table(&scan, root, 0, PAGING_LEVELS, all) > ENTRIES)
		report(&scan, PAGE_UNREADABLE, 0, root, 0);
	scan.page = check_aliases;
	scan_table(&scan, root, 0, PAGING_LEVELS, all);
	return scan.findings;
}

size_t page_check(const struct page_check *check, uint64_t root)
{
	return page_check_part(check, root, 0, ENTRIES);
}

const char *page_violation_text(enum page_violation what)
{
	static const char *const texts[PAGE_VIOLATIONS] = {
		[PAGE_WRITE_EXECUTE] = "can be written and executed",
		[PAGE_ALIAS] =
			"can be written, and executed at another address",
		[PAGE_USER] = "can be reached from ring 3",
		[PAGE_TABLE] =
			"leads to a page table in a frame of another kind",
		[PAGE_COUNT] =
			"leads to a page table that counts its entries wrong",
		[PAGE_BEYOND] =
			"is mapped to an address that the CPU does not have",
		[PAGE_UNREADABLE] = "leads to a page table that can't be read",
		[PAGE_TOO_MANY] = "is one executable range too many to compare",
	};

	return what < PAGE_VIOLATIONS ? texts[what] : "has an unknown fault";
}
