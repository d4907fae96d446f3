/*
 * memmap.c - from the BIOS's memory map to one that can be believed.
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

/* From lenient to strict; 0 stands for "nothing there". */
static const uint8_t by_strictness[] = {
	0, MEM_USABLE, MEM_ACPI, MEM_NVS, MEM_RESERVED, MEM_BAD,
};

static unsigned int strictness(uint32_t type)
{
	unsigned int rank = 0;

	while (by_strictness[rank] != type)
		rank++;
	return rank;
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

/* An empty range touches no page. */
static struct span outward(uint64_t base, uint64_t bytes)
{
	struct span span = { round_down(base), round_down(base) };

	if (bytes)
		span.to = round_up(range_end(base, bytes));
	return span;
}

static struct span inward(uint64_t base, uint64_t bytes)
{
	struct span span = {
		round_up(base),
		round_down(range_end(base, bytes)),
	};

	return span;
}

static struct span pages_of(const struct mem_range *entry, uint32_t type)
{
	if (type == MEM_USABLE)
		return inward(entry->base, entry->length);
	return outward(entry->base, entry->length);
}

/* The type of page `at`, and in `*next` the page where that may change. */
static uint32_t type_at(const struct mem_range *raw, size_t raw_count,
			uint64_t at, uint64_t *next)
{
	uint32_t winner = 0;

	*next = LAST_PAGE;
	for (size_t i = 0; i < raw_count; i++) {
		uint32_t type = believed_type(&raw[i]);
		struct span span = pages_of(&raw[i], type);
		uint64_t change = at < span.from ? span.from : span.to;

		if (!type || at >= span.to || span.from >= span.to)
			continue;
		if (at >= span.from)
			winner = stricter(winner, type);
		if (change < *next)
			*next = change;
	}
	return winner;
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

size_t memmap_sanitise(const struct mem_range *raw, size_t raw_count,
		       struct mem_range *clean, size_t clean_max)
{
	struct builder built = { clean, 0, clean_max };
	struct span span = { 0, 0 };

	for (; span.from < LAST_PAGE; span.from = span.to) {
		uint32_t type = type_at(raw, raw_count, span.from, &span.to);

		if (type && !append(&built, span, type))
			return MEMMAP_FULL;
	}
	return built.count;
}

/* Make `at` a border if it lies inside a usable range; one entry is free. */
static size_t split(struct mem_range *map, size_t count, uint64_t at)
{
	for (size_t i = count; i-- > 0;) {
		uint64_t below = at - map[i].base;

		if (map[i].type != MEM_USABLE || at <= map[i].base ||
		    below >= map[i].length)
			continue;
		for (size_t to = count; to > i; to--)
			map[to] = map[to - 1];
		map[i].length = below;
		map[i + 1].base = at;
		map[i + 1].length -= below;
		return count + 1;
	}
	return count;
}

static size_t merge(struct mem_range *map, size_t count)
{
	struct builder built = { map, 0, count };

	for (size_t i = 0; i < count; i++) {
		struct span span = outward(map[i].base, map[i].length);

		append(&built, span, map[i].type);
	}
	return built.count;
}

size_t memmap_mark(struct mem_range *map, size_t count, size_t max,
		   uint64_t base, uint64_t bytes, uint32_t type)
{
	struct span span = outward(base, bytes);
	uint64_t from = span.from * PAGE_SIZE;
	uint64_t to = span.to * PAGE_SIZE;

	if (max < count + 2)
		return MEMMAP_FULL;
	count = split(map, count, from);
	count = split(map, count, to);
	for (size_t i = 0; i < count; i++)
		if (map[i].type == MEM_USABLE && map[i].base >= from &&
		    map[i].base < to)
			map[i].type = type;
	return merge(map, count);
}

bool memmap_is_usable(const struct mem_range *map, size_t count, uint64_t base,
		      uint64_t bytes)
{
	if (!bytes)
		return true;
	for (size_t i = 0; i < count; i++)
		if (map[i].type == MEM_USABLE && base >= map[i].base &&
		    base - map[i].base < map[i].length)
			return bytes <= map[i].length - (base - map[i].base);
	return false;
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
