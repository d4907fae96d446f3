#include "heap.h"

#include <stdatomic.h>

#include "boot/layout.h"
#include "heap_cache.h"
#include "heap_page.h"

#define BYTES_PER_PAGE (PAGE_SIZE - sizeof(struct heap_page) - sizeof(uint64_t))

_Static_assert(BYTES_PER_PAGE / (HEAP_ALIGNMENT + sizeof(struct block_record)) <
		       HEAP_LAST,
	       "the number of a block is not HEAP_LAST");

static const uint16_t class_bytes[HEAP_CLASSES] = {
	16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, HEAP_SMALL_MAX
};

uint8_t heap_class_of_units[HEAP_SMALL_MAX / HEAP_ALIGNMENT + 1];

static uint64_t start_of(const struct heap_page *page)
{
	return (uint64_t)(page + 1) - PAGE_SIZE;
}

static bool is_used(uint8_t state)
{
	return state >= BLOCK_USED;
}

/* ---- Lists of pages ------------------------------------------------------ */

static void list_add(struct heap_page **first, struct heap_page *page)
{
	page->next = *first;
	page->previous = NULL;
	if (*first)
		(*first)->previous = page;
	*first = page;
}

static void list_remove(struct heap_page **first, struct heap_page *page)
{
	if (page->previous)
		page->previous->next = page->next;
	else
		*first = page->next;
	if (page->next)
		page->next->previous = page->previous;
}

/* ---- Taking -------------------------------------------------------------- */

void heap_start(struct heap *heap, const struct heap_pages *pages)
{
	uint8_t size_class = 0;

	*heap = (struct heap){ .pages = pages };
	for (size_t i = 0; i < sizeof(heap_class_of_units); i++) {
		if (i * HEAP_ALIGNMENT > class_bytes[size_class])
			size_class++;
		heap_class_of_units[i] = size_class;
	}
}

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
	page->free = page->records[block].next;
	heap_note_taken(&page->records[block], bytes, place);
	page->used++;
	size_class->used++;
	if (page->used == page->count) {
		list_remove(&size_class->partial, page);
		list_add(&size_class->full, page);
	}
	return (void *)(start_of(page) + block * page->bytes);
}

/* ---- Releasing ----------------------------------------------------------- */

/* The last page with room stays: the next block may be taken at once. */
static void leave_page(struct heap *heap, struct heap_class *size_class,
		       struct heap_page *page)
{
	if (size_class->partial == page && !page->next)
		return;
	list_remove(&size_class->partial, page);
	size_class->pages--;
	heap->pages->give((void *)start_of(page));
}

enum heap_error heap_retire(const struct heap *heap, void *block,
			    uint32_t place)
{
	struct block_record *record;
	enum heap_error error;

	if (!heap->pages->is_heap(block))
		return HEAP_FOREIGN;
	error = heap_record_find(block, &record);
	return error == HEAP_OK ? heap_record_retire(record, place) : error;
}

void heap_resize(void *block, size_t bytes)
{
	heap_record_of(heap_page_with(block), block)->wanted = (uint16_t)bytes;
}

void heap_recycle(struct heap *heap, void *block)
{
	struct heap_page *page = heap_page_with(block);
	struct heap_class *size_class = &heap->classes[page->size_class];
	struct block_record *record = heap_record_of(page, block);

	if (page->used == page->count) {
		list_remove(&size_class->full, page);
		list_add(&size_class->partial, page);
	}
	atomic_store_explicit(&record->state, BLOCK_FREE, memory_order_relaxed);
	record->next = page->free;
	page->free = (uint8_t)(record - page->records);
	size_class->used--;
	if (--page->used == 0)
		leave_page(heap, size_class, page);
}

enum heap_error heap_release(struct heap *heap, void *block, uint32_t place)
{
	enum heap_error error = heap_retire(heap, block, place);

	if (error == HEAP_OK)
		heap_recycle(heap, block);
	return error;
}

void heap_cache_flush(struct heap *heap, struct heap_cache *cache)
{
	for (unsigned int i = 0; i < HEAP_CLASSES; i++) {
		struct heap_kept *kept = &cache->classes[i];

		while (kept->count)
			heap_recycle(heap, kept->blocks[--kept->count]);
	}
}

/* ---- What is known ------------------------------------------------------- */

static struct heap_block describe(const struct heap_page *page,
				  unsigned int block)
{
	const struct block_record *record = &page->records[block];

	return (struct heap_block){
		.start = start_of(page) + block * page->bytes,
		.bytes = page->bytes,
		.wanted = record->wanted,
		.in_use = is_used(record->state),
		.seen = record->state == BLOCK_SEEN,
		.taken_at = record->taken_at,
		.released_at = record->released_at,
	};
}

bool heap_find(const struct heap *heap, uint64_t address,
	       struct heap_block *block)
{
	const struct heap_page *page = heap_page_with((void *)address);
	unsigned int number;

	if (!heap->pages->is_heap((void *)address))
		return false;
	number = (unsigned int)(address % PAGE_SIZE) / page->bytes;
	if (number >= page->count)
		return false;
	*block = describe(page, number);
	return true;
}

static void each_of_page(struct heap_page *page,
			 void (*visit)(const struct heap_block *block))
{
	for (unsigned int i = 0; i < page->count; i++) {
		struct heap_block block = describe(page, i);
		uint8_t used = BLOCK_USED;

		if (!block.in_use)
			continue;
		visit(&block);
		/* It may be released meanwhile. */
		atomic_compare_exchange_strong(&page->records[i].state, &used,
					       BLOCK_SEEN);
	}
}

void heap_each(struct heap *heap, void (*visit)(const struct heap_block *block))
{
	for (unsigned int i = 0; i < HEAP_CLASSES; i++) {
		struct heap_page *page = heap->classes[i].partial;

		for (; page; page = page->next)
			each_of_page(page, visit);
		for (page = heap->classes[i].full; page; page = page->next)
			each_of_page(page, visit);
	}
}

size_t heap_block_bytes(size_t bytes)
{
	return class_bytes[heap_class_of(bytes)];
}

size_t heap_class_bytes(unsigned int size_class)
{
	return size_class < HEAP_CLASSES ? class_bytes[size_class] : 0;
}

const char *heap_error_text(enum heap_error error)
{
	static const char *const texts[HEAP_ERRORS] = {
		[HEAP_OK] = "is fine",
		[HEAP_FOREIGN] = "is not the heap's",
		[HEAP_INSIDE] = "is not the first byte of a block",
		[HEAP_NOT_TAKEN] = "was never taken",
		[HEAP_RELEASED] = "was released already",
		[HEAP_DAMAGED] =
			"lies in a page whose last block was written beyond its end",
	};

	return error < HEAP_ERRORS ? texts[error] : "has an unknown error";
}
