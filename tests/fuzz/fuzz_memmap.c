/*
 * fuzz_memmap.c - the sanitiser on hostile BIOS maps, against the page model.
 *
 * Input: a byte of options, then entries. Option bits 0..2: how many of the
 * last entries are our own. Bit 7: entries are as the BIOS gives them, else 6
 * bytes each, so that few bytes make many overlaps.
 */
#include <stdlib.h>
#include <string.h>

#include "memmap_model.h"

#define ENTRIES_MAX (MEM_RAW_MAX + MODEL_OWN_MAX)
#define COMPACT_BYTES 6

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mem_range compact_entry(const uint8_t *at)
{
	uint16_t base = (uint16_t)(at[0] | at[1] << 8);
	uint16_t bytes = (uint16_t)(at[2] | at[3] << 8);
	uint64_t origin = at[5] & 0x80 ? 0 - 0x8000ull : 0;

	return (struct mem_range){
		.base = origin + base,
		.length = bytes,
		.type = at[4] & 7,
		.attributes = (at[5] & 7) ^ MEM_ATTR_PRESENT,
	};
}

static size_t read_entries(const uint8_t *data, size_t size, bool compact,
			   struct mem_range *entries)
{
	size_t step = compact ? COMPACT_BYTES : sizeof(*entries);
	size_t count = 0;

	for (; size >= step && count < ENTRIES_MAX; size -= step, data += step)
		if (compact)
			entries[count++] = compact_entry(data);
		else
			memcpy(&entries[count++], data, sizeof(*entries));
	return count;
}

static void check(const struct model *model, const struct mem_range *map,
		  size_t count)
{
	const char *wrong = model_check(model, map, count);

	if (!wrong)
		return;
	fprintf(stderr, "%s\n", wrong);
	model_print("raw", model->raw, model->raw_count);
	model_print("map", map, count);
	abort();
}

#define ROOM (2 * (MEM_RAW_MAX + MODEL_OWN_MAX))

/* An array of just `max` entries, so that ASan sees one too many. */
static struct mem_range *array(size_t max)
{
	return malloc(max * sizeof(struct mem_range) + 1);
}

static void check_room(const struct model *model, size_t count)
{
	struct mem_range *map = array(count);

	if (model_ask(model, map, count) != count)
		abort();
	free(map);
	if (!count)
		return;
	map = array(count - 1);
	if (model_ask(model, map, count - 1) != MEMMAP_FULL)
		abort();
	free(map);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mem_range entries[ENTRIES_MAX];
	struct mem_range clean[ROOM];
	struct model model = { .raw = entries };
	size_t count, own;

	if (!size)
		return 0;
	count = read_entries(data + 1, size - 1, !(data[0] & 0x80), entries);
	own = data[0] & 7;
	if (own > count)
		own = count;
	model.raw_count = count - own;
	if (model.raw_count > MEM_RAW_MAX)
		model.raw_count = MEM_RAW_MAX;
	for (; model.own_count < own; model.own_count++) {
		struct mem_range *entry = &model.own[model.own_count];

		*entry = entries[model.raw_count + model.own_count];
		entry->type = MEM_LOADER + entry->type % 4;
	}
	count = model_ask(&model, clean, ROOM);
	if (count > 2 * (model.raw_count + own))
		abort();
	check(&model, clean, count);
	check_room(&model, count);
	return 0;
}
