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

/* Makes a table of what one large page was, or of nothing. */
static bool make_table(const struct paging *paging, uint64_t *entry,
		       unsigned int level)
{
	paddr_t frame = paging->new_table();
	uint64_t part = *entry;

	if (!frame)
		return false;
	/* The bit means another thing in the entry of a 4 KiB page. */
	if (level == 2)
		part &= ~(uint64_t)PTE_HUGE;
	for (size_t i = 0; part & PTE_PRESENT && i < ENTRIES; i++) {
		table_of(frame)[i] = part;
		part += paging_entry_bytes(level - 1);
	}
	*entry = frame | TABLE;
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
	uint64_t *table = table_of(paging->root);
	unsigned int level = PAGING_LEVELS;
	uint64_t *entry = &table[index_of(virtual, level)];

	while (level > largest || is_table(*entry, level)) {
		if (!is_table(*entry, level)) {
			if (!value && !(*entry & PTE_PRESENT))
				break; /* absent already */
			if (!make_table(paging, entry, level))
				return 0;
		}
		table = table_of(*entry);
		level--;
		entry = &table[index_of(virtual, level)];
	}
	if (value)
		*entry = value | (level > 1 ? PTE_HUGE : 0);
	else if (level <= largest)
		*entry = 0;
	value = paging_entry_bytes(level) - virtual % paging_entry_bytes(level);
	return value < bytes ? value : bytes;
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

/* ---- Reading ------------------------------------------------------------- */

bool paging_walk(paddr_t root, vaddr_t address,
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
