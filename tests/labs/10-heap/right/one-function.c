void *heap_take(struct heap *heap, size_t bytes, uint32_t place)
{
	const unsigned int number = heap_class_of(bytes);
	struct heap_class *class = heap->classes + number;
	struct heap_page *page = class->partial;
	struct block_record *record;
	uint64_t first;

	if (!page) {
		const size_t each = class_bytes[number];
		uint8_t *start = heap->pages->take();
		size_t n = BYTES_PER_PAGE / (each + sizeof(*record));

		if (!start)
			return NULL;
		page = (struct heap_page *)(start + PAGE_SIZE) - 1;
		*page = (struct heap_page){ 0 };
		page->bytes = (uint16_t)each;
		page->size_class = (uint8_t)number;
		page->count = (uint8_t)n;
		page->records = (struct block_record *)page - n;
		page->guard = (uint64_t *)(start + n * each);
		*page->guard = HEAP_GUARD;
		for (size_t i = 0; i < n; i++) {
			page->records[i] = (struct block_record){ 0 };
			page->records[i].next = (uint8_t)(i + 1);
		}
		page->records[n - 1].next = HEAP_LAST;
		list_add(&class->partial, page);
		class->pages += 1;
	}
	first = (uint64_t)(page + 1) - PAGE_SIZE;
	record = page->records + page->free;
	first += (uint64_t)page->bytes * page->free;
	page->free = record->next;
	heap_note_taken(record, bytes, place);
	class->used += 1;
	if (++page->used == page->count) {
		list_remove(&class->partial, page);
		list_add(&class->full, page);
	}
	return (void *)first;
}
