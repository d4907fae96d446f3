/*
 * memmap_model.h - what lib/memmap.c must do, said page by page.
 *
 * The model answers for one page at a time by asking every raw entry, in
 * arithmetic that can't overflow. It knows nothing of sorting or splitting.
 */
#ifndef TESTS_MEMMAP_MODEL_H
#define TESTS_MEMMAP_MODEL_H

#include <stdbool.h>
#include <stdio.h>

#include "boot/layout.h"
#include "memmap.h"

#define MODEL_PAGES (UINT64_MAX / PAGE_SIZE) /* pages a map may list */
#define MODEL_OWN_MAX 8

__extension__ typedef unsigned __int128 model_address;

struct model {
	const struct mem_range *raw;
	size_t raw_count;
	struct mem_range own[MODEL_OWN_MAX];
	size_t own_count;
};

/* The same question put to the code under test. */
static inline size_t model_ask(const struct model *model,
			       struct mem_range *clean, size_t max)
{
	struct memmap_source source = { model->raw, model->raw_count,
					model->own, model->own_count };

	return memmap_sanitise(&source, clean, max);
}

static inline int model_strictness(uint32_t type)
{
	switch (type) {
	case 0:
		return 0;
	case MEM_USABLE:
		return 1;
	case MEM_ACPI:
		return 2;
	case MEM_NVS:
		return 3;
	case MEM_BAD:
		return 5;
	default:
		return 4;
	}
}

/* What one raw entry says of one page. */
static inline uint32_t model_entry(const struct mem_range *entry, uint64_t page)
{
	model_address from = (model_address)page * PAGE_SIZE;
	model_address to = from + PAGE_SIZE;
	model_address low = entry->base;
	model_address high = low + entry->length;
	int strictness = model_strictness(entry->type);

	if (!(entry->attributes & MEM_ATTR_PRESENT) || low == high)
		return 0;
	if (strictness == 0 || strictness == 4 ||
	    (entry->attributes & MEM_ATTR_NONVOLATILE && strictness < 4))
		return from < high && low < to ? MEM_RESERVED : 0;
	if (strictness == 1)
		return low <= from && to <= high ? MEM_USABLE : 0;
	return from < high && low < to ? entry->type : 0;
}

static inline bool model_touches(const struct mem_range *own, uint64_t page)
{
	model_address from = (model_address)page * PAGE_SIZE;

	return own->length && from < (model_address)own->base + own->length &&
	       own->base < from + PAGE_SIZE;
}

/* The type a page must have; 0: not listed. */
static inline uint32_t model_page(const struct model *model, uint64_t page)
{
	uint32_t type = 0;

	if (page >= MODEL_PAGES)
		return 0;
	for (size_t i = 0; i < model->raw_count; i++) {
		uint32_t said = model_entry(&model->raw[i], page);

		if (model_strictness(said) > model_strictness(type))
			type = said;
	}
	for (size_t i = 0; i < model->own_count; i++)
		if (type == MEM_USABLE && model_touches(&model->own[i], page))
			type = model->own[i].type;
	return type;
}

static inline uint32_t map_page(const struct mem_range *map, size_t count,
				uint64_t page)
{
	for (size_t i = 0; i < count; i++)
		if (page >= map[i].base / PAGE_SIZE &&
		    page - map[i].base / PAGE_SIZE < map[i].length / PAGE_SIZE)
			return map[i].type;
	return 0;
}

/* Is the map what memmap.h calls clean? NULL, or what is wrong. */
static inline const char *model_check_shape(const struct mem_range *map,
					    size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t end = map[i].base + map[i].length;

		if (map[i].base % PAGE_SIZE || map[i].length % PAGE_SIZE)
			return "not whole pages";
		if (!map[i].length)
			return "empty range";
		if (end < map[i].base)
			return "end does not fit";
		if (map[i].attributes)
			return "attributes are not 0";
		if (i + 1 == count)
			break;
		if (end > map[i + 1].base)
			return "not sorted, or overlapping";
		if (end == map[i + 1].base && map[i].type == map[i + 1].type)
			return "neighbours not merged";
	}
	return NULL;
}

/* Compares a page and the two beside it. */
static inline bool model_agrees(const struct model *model,
				const struct mem_range *map, size_t count,
				uint64_t page)
{
	for (uint64_t near = page ? page - 1 : 0; near <= page + 1; near++)
		if (model_page(model, near) != map_page(map, count, near))
			return false;
	return true;
}

/*
 * NULL, or what is wrong with the map. A type can change only at a border of
 * a raw entry, one of ours or a listed range, so these pages prove all others.
 */
static inline const char *model_check(const struct model *model,
				      const struct mem_range *map, size_t count)
{
	const char *wrong = model_check_shape(map, count);

	for (size_t i = 0; !wrong && i < model->raw_count; i++) {
		const struct mem_range *raw = &model->raw[i];
		uint64_t last = raw->base + raw->length;

		if (!model_agrees(model, map, count, raw->base / PAGE_SIZE) ||
		    !model_agrees(model, map, count, last / PAGE_SIZE))
			wrong = "differs at the border of a raw entry";
	}
	for (size_t i = 0; !wrong && i < model->own_count; i++) {
		const struct mem_range *own = &model->own[i];
		uint64_t last = own->base + own->length;

		if (!model_agrees(model, map, count, own->base / PAGE_SIZE) ||
		    !model_agrees(model, map, count, last / PAGE_SIZE))
			wrong = "differs at the border of one of ours";
	}
	for (size_t i = 0; !wrong && i < count; i++) {
		uint64_t last = map[i].base + map[i].length;

		if (!model_agrees(model, map, count, map[i].base / PAGE_SIZE) ||
		    !model_agrees(model, map, count, last / PAGE_SIZE))
			wrong = "differs at the border of a range";
	}
	if (!wrong && !model_agrees(model, map, count, MODEL_PAGES))
		wrong = "differs at the end of memory";
	return wrong;
}

/* For the reader of a failure. */
static inline void model_print(const char *what, const struct mem_range *map,
			       size_t count)
{
	fprintf(stderr, "%s, %zu entries:\n", what, count);
	for (size_t i = 0; i < count; i++)
		fprintf(stderr, "  %016llx + %016llx type %x attributes %x\n",
			(unsigned long long)map[i].base,
			(unsigned long long)map[i].length, map[i].type,
			map[i].attributes);
}

#endif
