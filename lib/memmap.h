/*
 * memmap.h - from the BIOS's memory map to one that can be believed.
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

/**
 * memmap_sanitise - make a clean map out of what the BIOS said
 * @raw:	entries in any order, overlapping, empty, or wrapping at 2^64
 * @clean:	receives the map; must not overlap @raw
 * @clean_max:	entries @clean has room for; 2 * @raw_count always suffice
 *
 * Where entries overlap the strictest type wins:
 *
 *	bad > reserved > NVS > ACPI > usable
 *
 * Bad RAM must not be touched by anybody, reserved is not RAM or not ours,
 * NVS is RAM the firmware goes on using, ACPI becomes usable later. Types
 * the BIOS has no name for are reserved, and so is non-volatile memory. An
 * entry whose attributes lack MEM_ATTR_PRESENT is ignored.
 *
 * Pages: a usable entry shrinks to the whole pages inside it, every other
 * entry grows to all pages that it touches.
 *
 * Returns the number of entries of the clean map, or MEMMAP_FULL.
 */
size_t memmap_sanitise(const struct mem_range *raw, size_t raw_count,
		       struct mem_range *clean, size_t clean_max);

/**
 * memmap_mark - give the usable part of a range another type
 * @map:	a clean map, stays one
 * @max:	entries @map has room for
 * @base:	with @bytes, the range, rounded outward to whole pages
 * @type:	MEM_LOADER, MEM_KERNEL, MEM_MODULE, MEM_AP_PAGE
 *
 * Memory that is not usable keeps its type.
 *
 * Returns the new number of entries; MEMMAP_FULL, with the map unchanged, if
 * fewer than two entries are free: marking may split two ranges.
 */
size_t memmap_mark(struct mem_range *map, size_t count, size_t max,
		   uint64_t base, uint64_t bytes, uint32_t type);

/* Whether every byte of the range is of type MEM_USABLE. The empty range is. */
bool memmap_is_usable(const struct mem_range *map, size_t count, uint64_t base,
		      uint64_t bytes);

/* Bytes of one type. */
uint64_t memmap_total(const struct mem_range *map, size_t count, uint32_t type);

/* "usable", "reserved", ...; "unknown" for what is not a MEM_* type. */
const char *memmap_type_name(uint32_t type);

#endif
