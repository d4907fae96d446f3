/* says: test_misuse_is_refused */
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
	pages = range_pages_of(slot->bytes);
	unmap(ranges, start, pages);
	slot->in_use = false;
	slot->given_at = place;
	ranges->count--;
	ranges->pages -= pages;
	give_slot(ranges, size, number);
	return RANGE_OK;
}
