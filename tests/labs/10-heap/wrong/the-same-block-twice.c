/* says: test_blocks_are_disjoint */
static void fill_page(struct heap_page *page, unsigned int size_class)
{
	size_t bytes = class_bytes[size_class];
	size_t count = BYTES_PER_PAGE / (bytes + sizeof(struct block_record));

	*page = (struct heap_page){
		.guard = (uint64_t *)(start_of(page) + count * bytes),
		.records = (struct block_record *)page - count,
		.bytes = (uint16_t)bytes,
		.size_class = (uint8_t)size_class,
		.count = (uint8_t)count,
	};
	*page->guard = HEAP_GUARD;
	for (size_t i = 0; i < count; i++)
		page->records[i] = (struct block_record){
			.next = (uint8_t)(i + 1 < count ? i + 1 : HEAP_LAST),
		};
}

static struct heap_page *add_page(struct heap *heap, unsigned int size_class)
{
	void *start = heap->pages->take();
	struct heap_page *page;

	if (!start)
		return NULL;
	page = heap_page_with(start);
	fill_page(page, size_class);
	list_add(&heap->classes[size_class].partial, page);
	heap->classes[size_class].pages++;
	return page;
}

void *heap_take(struct heap *heap, size_t bytes, uint32_t place)
{
	struct heap_class *size_class = &heap->classes[heap_class_of(bytes)];
	struct heap_page *page = size_class->partial;
	unsigned int block;

	if (!page)
		page = add_page(heap, heap_class_of(bytes));
	if (!page)
		return NULL;
	block = page->free;
	heap_note_taken(&page->records[block], bytes, place);
	page->used++;
	size_class->used++;
	if (page->used == page->count) {
		list_remove(&size_class->partial, page);
		list_add(&size_class->full, page);
	}
	return (void *)(start_of(page) + block * page->bytes);
}
