/*
 * memmap.h - make a clean memory map from the BIOS's.
 *
 * A clean map is sorted, its ranges are disjoint whole pages, none is empty,
 * and neighbours of the same type are one range. What it does not list is
 * not there. It says nothing about the last page below 2^64, so every end
 * fits in 64 bits (HW-24, HW-29).
 *
 * Any context: no locks, no allocation, no recursion, no arrays on the stack.
 */
#ifndef LIB_MEMMAP_H
#define LIB_MEMMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/bootinfo.h"

/* Returned instead of a count: the array has no room for the map. */
#define MEMMAP_FULL SIZE_MAX

/* What a clean map is made from. */
struct memmap_source {
	const struct mem_range *raw;	/* the BIOS's entries, in any order, */
	size_t raw_count;		/* overlapping, empty, or wrapping */
	const struct mem_range *own;	/* what we put into usable memory */
	size_t own_count;
};

/**
 * memmap_sanitise - make a clean map out of what the BIOS said
 * @source:	the BIOS's entries, and our own
 * @clean:	receives the map; must not overlap the source
 * @clean_max:	entries @clean has room for; twice those of the source
 *		always suffice
 *
 * Where the BIOS's entries overlap the strictest type wins:
 *
 *	bad > reserved > NVS > ACPI > usable
 *
 * Bad RAM must not be touched by anybody, reserved is not RAM or not ours,
 * NVS is RAM the firmware goes on using, ACPI becomes usable later. Types
 * the BIOS has no name for are reserved, and so is non-volatile memory. An
 * entry whose attributes lack MEM_ATTR_PRESENT is ignored.
 *
 * Our own entries give usable memory their type, the first of two that
 * overlap; memory that is not usable keeps its own. Attributes are ignored.
 *
 * Pages: a usable entry shrinks to the whole pages inside it, every other
 * entry grows to all pages that it touches.
 *
 * Returns the number of entries of the clean map, or MEMMAP_FULL.
 */
size_t memmap_sanitise(const struct memmap_source *source,
		       struct mem_range *clean, size_t clean_max);

/**
 * memmap_clip - the part of a clean map below an address
 * @end:	of whole pages; what lies from there on is left out
 * @below:	receives it; may be the map itself
 * @max:	entries @below has room for; further ones are left out
 *
 * Returns the number of entries.
 */
size_t memmap_clip(const struct mem_range *map, size_t count, uint64_t end,
		   struct mem_range *below, size_t max);

/* Where the range ends, behind its last byte; an entry of the BIOS's that
 * reaches 2^64 or wraps ends at UINT64_MAX. */
uint64_t memmap_end(const struct mem_range *range);

/* Bytes of one type. */
uint64_t memmap_total(const struct mem_range *map, size_t count, uint32_t type);

/* "usable", "reserved", ...; "unknown" for what is not a MEM_* type. */
const char *memmap_type_name(uint32_t type);

#endif
