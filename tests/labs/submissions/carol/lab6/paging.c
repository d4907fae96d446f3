#include "paging.h"

#include "boot/layout.h"
#include "boot/x86.h"

#define ENTRIES 512
#define ENTRIES_SHIFT 9
#define PAGE_SHIFT 12

/* A page's own entry restricts it; tables restrict nothing. */
#define TABLE (PTE_PRESENT | PTE_WRITE | PTE_USER)

static unsigned int shift_of(unsigned int level)
{
	return PAGE_SHIFT + ENTRIES_SHIFT * (level - 1);
}

uint64_t paging_entry_bytes(unsigned int level)
{
	return 1ULL << shift_of(level);
}

bool paging_is_canonical(vaddr_t address)
{
	uint64_t high = address >> 47;

	return high == 0 || high == 0x1FFFF;
}

static size_t index_of(vaddr_t address, unsigned int level)
{
	return address >> shift_of(level) & (ENTRIES - 1);
}

static bool is_table(uint64_t entry, unsigned int level)
{
	return entry & PTE_PRESENT && level > 1 && !(entry & PTE_HUGE);
}

static uint64_t *table_of(uint64_t entry)
{
	return paddr_pointer(entry & PTE_ADDRESS);
}

/* ---- Building ------------------------------------------------------------ */

/*
 * The entry of a table, in the table above, counts how many of the table's own
 * entries are present, in bits that the CPU ignores (SDM 3A, "Format of a PML4
 * Entry that References a Page-Directory-Pointer Table" and the like): so an
 * empty table is known without reading its 512 entries.
 */
#define ONE_ENTRY (1ULL << PTE_COUNT_SHIFT)

static unsigned int count_of(uint64_t entry)
{
	return (unsigned int)(entry >> PTE_COUNT_SHIFT & PTE_COUNT);
}

/* Change an entry, and the count of the table in which it stands. Here and
 * below, path[level] is the entry on the way to an address that stands in a
 * table of that level, and path[PAGING_LEVELS + 1] is for the root's count. */
static void set_entry(uint64_t **path, unsigned int level, uint64_t value)
{
	uint64_t before = *path[level];

	*path[level] = value;
	if (!(before & PTE_PRESENT) && value & PTE_PRESENT)
		*path[level + 1] += ONE_ENTRY;
	else if (before & PTE_PRESENT && !(value & PTE_PRESENT))
		*path[level + 1] -= ONE_ENTRY;
}

/* Give empty tables back, from this level up. */
static void prune(const struct paging *paging, uint64_t **path,
		  unsigned int level)
{
	for (; level < PAGING_LEVELS && paging->give_table; level++) {
		uint64_t table = *path[level + 1];

		if (count_of(table))
			return;
		set_entry(path, level + 1, 0);
		paging->give_table(table & PTE_ADDRESS);
	}
}

/* Makes a table of what one large page was, or of nothing. */
static bool make_table(const struct paging *paging, uint64_t **path,
		       unsigned int level)
{
	paddr_t frame = paging->new_table();
	uint64_t part = *path[level], count = 0;

	if (!frame)
		return false;
	/* The bit means another thing in the entry of a 4 KiB page. */
	if (level == 2)
		part &= ~(uint64_t)PTE_HUGE;
	for (; part & PTE_PRESENT && count < ENTRIES; count++) {
		table_of(frame)[count] = part;
		part += paging_entry_bytes(level - 1);
	}
	set_entry(path, level, frame | TABLE | count << PTE_COUNT_SHIFT);
	return true;
}

/* The largest level whose pages fit here. */
static unsigned int largest_level(const struct paging *paging, uint64_t at,
				  uint64_t bytes)
{
	unsigned int level = paging->pages_1g ? 3 : 2;

	while (level > 1 && (at % paging_entry_bytes(level) ||
			     bytes < paging_entry_bytes(level)))
		level--;
	return level;
}

/* Sets the entry for as many bytes as it can; 0: no table could be had. */
static uint64_t map_some(const struct paging *paging, vaddr_t virtual,
			 uint64_t bytes, unsigned int largest, uint64_t value)
{
	uint64_t root_count = ENTRIES * ONE_ENTRY; /* any that is not 0 */
	unsigned int level = PAGING_LEVELS;
	uint64_t *path[PAGING_LEVELS + 2];
	uint64_t done;

	path[level + 1] = &root_count;
	path[level] = table_of(paging->root) + index_of(virtual, level);
	while (level > largest || is_table(*path[level], level)) {
		if (!is_table(*path[level], level)) {
			if (!value && !(*path[level] & PTE_PRESENT))
				break; /* absent already */
			if (!make_table(paging, path, level)) {
				prune(paging, path, level);
				return 0;
			}
		}
		path[level - 1] =
			table_of(*path[level]) + index_of(virtual, level - 1);
		level--;
	}
	if (value) {
		set_entry(path, level, value | (level > 1 ? PTE_HUGE : 0));
	} else if (level <= largest) {
		set_entry(path, level, 0);
		prune(paging, path, level);
	}
	done = paging_entry_bytes(level) - virtual % paging_entry_bytes(level);
	return done < bytes ? done : bytes;
}

bool paging_map(const struct paging *paging, vaddr_t virtual, paddr_t physical,
		uint64_t bytes, uint64_t flags)
{
	if (!paging->nx)
		flags &= ~PTE_NX;
	if (!flags)
		physical = virtual;
	while (bytes) {
		unsigned int level =
			largest_level(paging, virtual | physical, bytes);
		uint64_t done = map_some(paging, virtual, bytes, level,
					 flags ? physical | flags : 0);

		if (!done)
			return false;
		virtual += done;
		physical += done;
		bytes -= done;
	}
	return true;
}

/* ---- One page of 4 KiB --------------------------------------------------- */

/* The way to a page, as for set_entry(); false: a table on it is missing, or a
 * larger page is there. */
static bool find_way(const struct paging *paging, vaddr_t page, uint64_t **path)
{
	uint64_t entry = paging->root | PTE_PRESENT;

	for (unsigned int level = PAGING_LEVELS; level; level--) {
		if (!(entry & PTE_PRESENT) || entry & PTE_HUGE)
			return false;
		path[level] = table_of(entry) + index_of(page, level);
		entry = *path[level];
	}
	return true;
}

bool paging_map_page(const struct paging *paging, vaddr_t page, paddr_t frame,
		     uint64_t flags)
{
	uint64_t *path[PAGING_LEVELS + 2];

	if (!find_way(paging, page, path))
		return paging_map(paging, page, frame, PAGE_SIZE, flags);
	if (!paging->nx)
		flags &= ~PTE_NX;
	set_entry(path, 1, frame | flags);
	return true;
}

paddr_t paging_unmap_page(const struct paging *paging, vaddr_t page)
{
	uint64_t *path[PAGING_LEVELS + 2];
	uint64_t root_count = ENTRIES * ONE_ENTRY, entry;

	if (!find_way(paging, page, path))
		return 0;
	path[PAGING_LEVELS + 1] = &root_count;
	entry = *path[1];
	if (!(entry & PTE_PRESENT))
		return 0;
	set_entry(path, 1, 0);
	prune(paging, path, 1);
	return entry & PTE_ADDRESS;
}

/* ---- Reading ------------------------------------------------------------- */

/* The last entry on the way to an address, and in a table of which level. */
static uint64_t last_entry(const struct paging *paging, vaddr_t address,
			   unsigned int *level)
{
	uint64_t entry = paging->root;

	for (*level = PAGING_LEVELS;; (*level)--) {
		entry = table_of(entry)[index_of(address, *level)];
		if (!is_table(entry, *level))
			return entry;
	}
}

vaddr_t paging_clear(const struct paging *paging, vaddr_t start, vaddr_t end,
		     uint64_t most, void (*gone)(vaddr_t page, paddr_t frame))
{
	while (start < end && most) {
		unsigned int level;
		uint64_t entry = last_entry(paging, start, &level);

		if (level == 1 && entry & PTE_PRESENT) {
			paging_unmap_page(paging, start);
			gone(start, entry & PTE_ADDRESS);
			most--;
		}
		start = (start | (paging_entry_bytes(level) - 1)) + 1;
	}
	return start < end ? start : end;
}

bool paging_walk((paddr_t root, vaddr_t address,
		 bool (*read)(paddr_t from, uint64_t *entry),
		 struct paging_walk *walk)
{
	uint64_t entry = root;

	*walk = (struct paging_walk){ 0 };
	for (unsigned int level = PAGING_LEVELS; level; level--) {
		paddr_t from = (entry & PTE_ADDRESS) +
			       index_of(address, level) * sizeof(entry);

		walk->step[walk->levels].address = from;
		walk->unreadable = !read(from, &entry);
		if (walk->unreadable)
			entry = 0;
		walk->step[walk->levels++].entry = entry;
		if (!is_table(entry, level))
			break;
	}
	return entry & PTE_PRESENT;
}

paddr_t paging_physical(const struct paging_walk *walk, vaddr_t address)
{
	unsigned int level = PAGING_LEVELS + 1 - walk->levels;
	uint64_t within = paging_entry_bytes(level) - 1;
	uint64_t entry = walk->step[walk->levels - 1].entry;

	return (entry & PTE_ADDRESS & ~within) | (address & within);
}

uint64_t paging_rights(const struct paging_walk *walk)
{
	uint64_t all = ~0ULL, any = 0;

	for (unsigned int i = 0; i < walk->levels; i++) {
		all &= walk->step[i].entry;
		any |= walk->step[i].entry;
	}
	return (all & (PTE_WRITE | PTE_USER)) | (any & PTE_NX);
}
