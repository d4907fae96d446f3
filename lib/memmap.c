/*
 * memmap.c - make a clean memory map from the BIOS's.
 *
 * Everything here counts in pages: a page number never overflows.
 */
#include "memmap.h"

#include "boot/layout.h"

#define LAST_PAGE (UINT64_MAX / PAGE_SIZE) /* first page we do not list */

/* Pages [from, to) of one type. */
struct span {
	uint64_t from;
	uint64_t to;
};

/* A map under construction. */
struct builder {
	struct mem_range *map;
	size_t count;
	size_t max;
};

/* usable < ACPI < NVS < reserved < bad, a hex digit each; 0: nothing there */
#define STRICTNESS                                                             \
	(1 << 4 * MEM_USABLE | 2 << 4 * MEM_ACPI | 3 << 4 * MEM_NVS |          \
	 4 << 4 * MEM_RESERVED | 5 << 4 * MEM_BAD)

static unsigned int strictness(uint32_t type)
{
	return STRICTNESS >> 4 * type & 15;
}

static uint32_t stricter(uint32_t a, uint32_t b)
{
	return strictness(a) > strictness(b) ? a : b;
}

/* What the entry says of the memory it covers; 0: nothing. */
static uint32_t believed_type(const struct mem_range *entry)
{
	uint32_t type = entry->type;

	if (!(entry->attributes & MEM_ATTR_PRESENT))
		return 0;
	if (type < MEM_USABLE || type > MEM_BAD)
		type = MEM_RESERVED;
	if (entry->attributes & MEM_ATTR_NONVOLATILE)
		type = stricter(type, MEM_RESERVED);
	return type;
}

static uint64_t range_end(uint64_t base, uint64_t bytes)
{
	return bytes > UINT64_MAX - base ? UINT64_MAX : base + bytes;
}

static uint64_t round_down(uint64_t address)
{
	return address / PAGE_SIZE;
}

static uint64_t round_up(uint64_t address)
{
	uint64_t page = address / PAGE_SIZE + (address % PAGE_SIZE != 0);

	return page < LAST_PAGE ? page : LAST_PAGE;
}

/* The whole pages inside, or all that it touches. An empty range has none. */
static struct span pages_of(const struct mem_range *range, bool whole)
{
	uint64_t end = range_end(range->base, range->length);

	if (!range->length)
		return (struct span){ 0, 0 };
	if (whole)
		return (struct span){ round_up(range->base), round_down(end) };
	return (struct span){ round_down(range->base), round_up(end) };
}

/* Does `span` hold page `at`? Lowers `*next` to where that changes. */
static bool covers(struct span span, uint64_t at, uint64_t *next)
{
	uint64_t change = at < span.from ? span.from : span.to;

	if (at >= span.to || span.from >= span.to)
		return false;
	if (change < *next)
		*next = change;
	return at >= span.from;
}

/* The type of page `at`, and in `*next` the page where that may change. */
static uint32_t type_at(const struct memmap_source *source, uint64_t at,
			uint64_t *next)
{
	uint32_t winner = 0, owner = 0;

	*next = LAST_PAGE;
	for (size_t i = 0; i < source->raw_count; i++) {
		const struct mem_range *raw = &source->raw[i];
		uint32_t type = believed_type(raw);

		if (type && covers(pages_of(raw, type == MEM_USABLE), at, next))
			winner = stricter(winner, type);
	}
	for (size_t i = source->own_count; i-- > 0;)
		if (covers(pages_of(&source->own[i], false), at, next))
			owner = source->own[i].type;
	return winner == MEM_USABLE && owner ? owner : winner;
}

/* Returns false when there is no room. */
static bool append(struct builder *built, struct span span, uint32_t type)
{
	struct mem_range *last = built->map + built->count;
	uint64_t base = span.from * PAGE_SIZE;
	uint64_t bytes = (span.to - span.from) * PAGE_SIZE;

	if (built->count) {
		last--;
		if (last->type == type && last->base + last->length == base) {
			last->length += bytes;
			return true;
		}
	}
	if (built->count == built->max)
		return false;
	built->map[built->count++] = (struct mem_range){
		.base = base,
		.length = bytes,
		.type = type,
	};
	return true;
}

size_t memmap_sanitise(const struct memmap_source *source,
		       struct mem_range *clean, size_t clean_max)
{
	struct builder built = { clean, 0, clean_max };
	struct span span = { 0, 0 };

	for (; span.from < LAST_PAGE; span.from = span.to) {
		uint32_t type = type_at(source, span.from, &span.to);

		if (type && !append(&built, span, type))
			return MEMMAP_FULL;
	}
	return built.count;
}

size_t memmap_clip(const struct mem_range *map, size_t count, uint64_t end,
		   struct mem_range *below, size_t max)
{
	size_t kept = 0;

	for (; kept < count && kept < max && map[kept].base < end; kept++) {
		below[kept] = map[kept];
		if (below[kept].length > end - below[kept].base)
			below[kept].length = end - below[kept].base;
	}
	return kept;
}

uint64_t memmap_end(const struct mem_range *range)
{
	return range_end(range->base, range->length);
}

uint64_t memmap_total(const struct mem_range *map, size_t count, uint32_t type)
{
	uint64_t total = 0;

	for (size_t i = 0; i < count; i++)
		if (map[i].type == type)
			total += map[i].length;
	return total;
}

const char *memmap_type_name(uint32_t type)
{
	switch (type) {
	case MEM_USABLE:
		return "usable";
	case MEM_RESERVED:
		return "reserved";
	case MEM_ACPI:
		return "ACPI tables";
	case MEM_NVS:
		return "ACPI NVS";
	case MEM_BAD:
		return "bad";
	case MEM_LOADER:
		return "loader";
	case MEM_KERNEL:
		return "kernel";
	case MEM_MODULE:
		return "module";
	case MEM_AP_PAGE:
		return "AP start page";
	default:
		return "unknown";
	}
}
