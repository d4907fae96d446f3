#include "ranges.h"

#include "boot/layout.h"

/* What is kept of a slot. */
struct slot {
	uint64_t bytes; /* of its range */
	uint64_t next; /* given back after it: its number plus 1, 0: none */
	uint32_t taken_at, given_at;
	bool in_use, seen;
};

/* The first area is for what is kept of the slots. */
#define RECORDS_BYTES (RANGES_AREA / 32) /* of the slots of one size */

#define SLOT_BYTES(size) ((2ULL << (size)) * PAGE_SIZE)

_Static_assert((RANGES_AREA & (RANGES_AREA - 1)) == 0,
	       "every slot is aligned to its size");
_Static_assert(PAGE_SIZE % sizeof(struct slot) == 0,
	       "no record lies in two pages");
_Static_assert(RANGES_SIZES <= 32, "the areas have room");

static uint64_t area_of(const struct ranges *ranges, unsigned int size)
{
	return ranges->base + RANGES_AREA * (size + 1);
}

static uint64_t slots_of(unsigned int size)
{
	uint64_t slots = RANGES_AREA / SLOT_BYTES(size);
	uint64_t records = RECORDS_BYTES / sizeof(struct slot);

	return slots < records ? slots : records;
}

static struct slot *record_of(const struct ranges *ranges, unsigned int size,
			      uint64_t number)
{
	return (struct slot *)(ranges->base + RECORDS_BYTES * size) + number;
}

static uint64_t start_of(const struct ranges *ranges, unsigned int size,
			 uint64_t number)
{
	return area_of(ranges, size) + number * SLOT_BYTES(size) + PAGE_SIZE;
}

void ranges_start(struct ranges *ranges, const struct range_pages *memory,
		  uint64_t base)
{
	*ranges = (struct ranges){ .memory = memory, .base = base };
}

/* ---- Slots --------------------------------------------------------------- */

/* The smallest that has room for so many pages and a guard. */
static unsigned int size_for(uint64_t pages)
{
	return pages <= 1 ? 0 : 63 - (unsigned int)__builtin_clzll(pages);
}

/* The first record of a page brings the page. */
static bool map_record(struct ranges *ranges, const struct slot *record)
{
	return (uint64_t)record % PAGE_SIZE ||
	       ranges->memory->map((uint64_t)record);
}

/* The number of a slot that was never used; false: there is none. */
static bool take_fresh(struct ranges *ranges, unsigned int size,
		       uint64_t *number)
{
	struct range_area *area = &ranges->areas[size];

	*number = area->fresh;
	if (*number >= slots_of(size) ||
	    !map_record(ranges, record_of(ranges, size, *number)))
		return false;
	area->fresh++;
	*record_of(ranges, size, *number) = (struct slot){ 0 };
	return true;
}

static bool take_slot(struct ranges *ranges, unsigned int size,
		      uint64_t *number)
{
	struct range_area *area = &ranges->areas[size];

	if (!area->first)
		return take_fresh(ranges, size, number);
	*number = area->first - 1;
	area->first = record_of(ranges, size, *number)->next;
	if (!area->first)
		area->last = 0;
	return true;
}

static void give_slot(struct ranges *ranges, unsigned int size, uint64_t number)
{
	struct range_area *area = &ranges->areas[size];

	record_of(ranges, size, number)->next = 0;
	if (area->last)
		record_of(ranges, size, area->last - 1)->next = number + 1;
	else
		area->first = number + 1;
	area->last = number + 1;
}

/* The slot in which an address lies; false: none that was ever used. */
static bool find_slot(const struct ranges *ranges, uint64_t address,
		      unsigned int *size, uint64_t *number)
{
	uint64_t area = (address - ranges->base) / RANGES_AREA;

	if (address < ranges->base || area < 1 || area > RANGES_SIZES)
		return false;
	*size = (unsigned int)area - 1;
	*number = (address - area_of(ranges, *size)) / SLOT_BYTES(*size);
	return *number < ranges->areas[*size].fresh;
}

/* ---- Ranges -------------------------------------------------------------- */

static void unmap(struct ranges *ranges, uint64_t start, uint64_t pages)
{
	for (uint64_t i = 0; i < pages; i++)
		ranges->memory->unmap(start + i * PAGE_SIZE);
}

/* All of it or nothing. */
static bool map(struct ranges *ranges, uint64_t start, uint64_t pages)
{
	for (uint64_t i = 0; i < pages; i++) {
		if (!ranges->memory->map(start + i * PAGE_SIZE)) {
			unmap(ranges, start, i);
			return false;
		}
	}
	return true;
}

uint64_t ranges_take(struct ranges *ranges, uint64_t bytes, uint32_t place)
{
	uint64_t pages = range_pages_of(bytes);
	unsigned int size = size_for(pages);
	struct slot *slot;
	uint64_t number, start;

	if (bytes < 1 || bytes > RANGES_BYTES_MAX ||
	    !take_slot(ranges, size, &number))
		return 0;
	start = start_of(ranges, size, number);
	if (!map(ranges, start, pages)) {
		give_slot(ranges, size, number);
		return 0;
	}
	slot = record_of(ranges, size, number);
	slot->bytes = bytes;
	slot->taken_at = place;
	slot->in_use = true;
	slot->seen = false;
	ranges->count++;
	ranges->pages += pages;
	return start;
}

enum range_error ranges_give(struct ranges *ranges, uint64_t start,
			     uint32_t place)
{
	unsigned int size;
	uint64_t number, pages;
	struct slot *slot;

	if (!find_slot(ranges, start, &size, &number))
		return RANGE_FOREIGN;
	slot = record_of(ranges, size, number);
	if (start != start_of(ranges, size, number))
		return RANGE_INSIDE;
	if (!slot->in_use)
		return RANGE_GIVEN;
	pages = range_pages_of(slot->bytes);
	unmap(ranges, start, pages);
	slot->in_use = false;
	slot->given_at = place;
	ranges->count--;
	ranges->pages -= pages;
	give_slot(ranges, size, number);
	return RANGE_OK;
}

/* ---- What is known ------------------------------------------------------- */

static struct range describe(const struct ranges *ranges, unsigned int size,
			     uint64_t number)
{
	const struct slot *slot = record_of(ranges, size, number);

	return (struct range){
		.start = start_of(ranges, size, number),
		.bytes = slot->bytes,
		.in_use = slot->in_use,
		.seen = slot->seen,
		.taken_at = slot->taken_at,
		.given_at = slot->given_at,
	};
}

bool ranges_find(const struct ranges *ranges, uint64_t address,
		 struct range *range)
{
	unsigned int size;
	uint64_t number;

	if (!find_slot(ranges, address, &size, &number))
		return false;
	*range = describe(ranges, size, number);
	return true;
}

void ranges_each(struct ranges *ranges,
		 void (*visit)(const struct range *range))
{
	for (unsigned int size = 0; size < RANGES_SIZES; size++) {
		for (uint64_t i = 0; i < ranges->areas[size].fresh; i++) {
			struct range range = describe(ranges, size, i);

			if (!range.in_use)
				continue;
			visit(&range);
			record_of(ranges, size, i)->seen = true;
		}
	}
}

const char *range_error_text(enum range_error error)
{
	static const char *const texts[RANGE_ERRORS] = {
		[RANGE_OK] = "is fine",
		[RANGE_FOREIGN] = "was never a range",
		[RANGE_INSIDE] = "is not the first byte of a range",
		[RANGE_GIVEN] = "was given back already",
	};

	return error < RANGE_ERRORS ? texts[error] : "has an unknown error";
}
