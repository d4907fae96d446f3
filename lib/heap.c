#include "heap.h"

#include "boot/layout.h"

/* What a page holds behind its blocks: a guard, four arrays with an entry for
 * each block, and this at its end. */
struct heap_page {
	struct heap_page *next, *previous; /* in a list of its class */
	uint64_t *guard; /* directly behind the last block */
	uint32_t *taken_at, *released_at;
	uint16_t *wanted; /* bytes */
	uint8_t *links;
	uint16_t bytes; /* of a block */
	uint8_t size_class;
	uint8_t count; /* of blocks */
	uint8_t used;
	uint8_t fresh; /* blocks from this one on were never taken */
	uint8_t released; /* the first of those released, or LAST */
};

/* The link of a block: the number of the next released one, or one of these. */
#define LAST 0xFC
#define RETIRED 0xFD
#define USED_AND_SEEN 0xFE
#define USED 0xFF

#define GUARD 0x48EA9BA6E48EA9BA
#define BYTES_PER_BLOCK (1 + 2 + 2 * sizeof(uint32_t)) /* in the arrays */
#define BYTES_PER_PAGE (PAGE_SIZE - sizeof(struct heap_page) - sizeof(uint64_t))

_Static_assert(BYTES_PER_PAGE / (HEAP_ALIGNMENT + BYTES_PER_BLOCK) < LAST,
	       "a block's number fits into its link");

static const uint16_t class_bytes[HEAP_CLASSES] = {
	16, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, HEAP_SMALL_MAX
};

/* By the size in units of HEAP_ALIGNMENT. */
static uint8_t class_of_units[HEAP_SMALL_MAX / HEAP_ALIGNMENT + 1];

static unsigned int class_of(size_t bytes)
{
	return class_of_units[(bytes + HEAP_ALIGNMENT - 1) / HEAP_ALIGNMENT];
}

static uint64_t start_of(const struct heap_page *page)
{
	return (uint64_t)(page + 1) - PAGE_SIZE;
}

static struct heap_page *page_at(uint64_t start)
{
	return (struct heap_page *)(start + PAGE_SIZE) - 1;
}

static bool is_used(uint8_t link)
{
	return link >= USED_AND_SEEN;
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
	for (size_t i = 0; i < sizeof(class_of_units); i++) {
		if (i * HEAP_ALIGNMENT > class_bytes[size_class])
			size_class++;
		class_of_units[i] = size_class;
	}
}

static void fill_page(struct heap_page *page, unsigned int size_class)
{
	unsigned int count =
		(unsigned int)(BYTES_PER_PAGE /
			       (class_bytes[size_class] + BYTES_PER_BLOCK));
	uint32_t *places = (uint32_t *)page - 2 * count;
	uint16_t *sizes = (uint16_t *)places - count;
	uint8_t *numbers = (uint8_t *)sizes - count;

	*page = (struct heap_page){
		.guard = (uint64_t *)(start_of(page) +
				      count * class_bytes[size_class]),
		.taken_at = places,
		.released_at = places + count,
		.wanted = sizes,
		.links = numbers,
		.bytes = class_bytes[size_class],
		.size_class = (uint8_t)size_class,
		.count = (uint8_t)count,
		.released = LAST,
	};
	*page->guard = GUARD;
}

static struct heap_page *add_page(struct heap *heap, unsigned int size_class)
{
	void *start = heap->pages->take();
	struct heap_page *page;

	if (!start)
		return NULL;
	page = page_at((uint64_t)start);
	fill_page(page, size_class);
	list_add(&heap->classes[size_class].partial, page);
	heap->classes[size_class].pages++;
	return page;
}

/* The number of a block that is free; the page has one. */
static unsigned int take_from(struct heap_page *page)
{
	unsigned int block = page->released;

	if (block == LAST) {
		block = page->fresh++;
		page->released_at[block] = 0;
	} else {
		page->released = page->links[block];
	}
	page->links[block] = USED;
	page->used++;
	return block;
}

void *heap_take(struct heap *heap, size_t bytes, uint32_t place)
{
	struct heap_class *size_class = &heap->classes[class_of(bytes)];
	struct heap_page *page = size_class->partial;
	unsigned int block;

	if (!page)
		page = add_page(heap, class_of(bytes));
	if (!page)
		return NULL;
	block = take_from(page);
	page->taken_at[block] = place;
	page->wanted[block] = (uint16_t)bytes;
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

static enum heap_error find_used(const struct heap *heap, uint64_t address,
				 struct heap_page **found, unsigned int *block)
{
	uint64_t start = address & ~(uint64_t)(PAGE_SIZE - 1);
	struct heap_page *page = page_at(start);
	unsigned int offset = (unsigned int)(address - start);

	*found = page;
	if (!heap->pages->is_heap((void *)start))
		return HEAP_FOREIGN;
	if (*page->guard != GUARD)
		return HEAP_DAMAGED;
	*block = offset / page->bytes;
	if (offset % page->bytes || *block >= page->count)
		return HEAP_INSIDE;
	if (*block >= page->fresh)
		return HEAP_NOT_TAKEN;
	return is_used(page->links[*block]) ? HEAP_OK : HEAP_RELEASED;
}

static unsigned int number_of(const struct heap_page *page, uint64_t address)
{
	return (unsigned int)(address - start_of(page)) / page->bytes;
}

enum heap_error heap_retire(struct heap *heap, void *address, uint32_t place)
{
	struct heap_page *page;
	unsigned int block;
	enum heap_error error =
		find_used(heap, (uint64_t)address, &page, &block);

	if (error != HEAP_OK)
		return error;
	page->released_at[block] = place;
	page->links[block] = RETIRED;
	heap->classes[page->size_class].used--;
	return HEAP_OK;
}

static struct heap_page *page_with(const void *address)
{
	return page_at((uint64_t)address & ~(uint64_t)(PAGE_SIZE - 1));
}

void heap_resize(void *address, size_t bytes)
{
	struct heap_page *page = page_with(address);

	page->wanted[number_of(page, (uint64_t)address)] = (uint16_t)bytes;
}

void heap_recycle(struct heap *heap, void *address)
{
	struct heap_page *page = page_with(address);
	struct heap_class *size_class = &heap->classes[page->size_class];
	unsigned int block = number_of(page, (uint64_t)address);

	if (page->used == page->count) {
		list_remove(&size_class->full, page);
		list_add(&size_class->partial, page);
	}
	page->links[block] = page->released;
	page->released = (uint8_t)block;
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

/* ---- What is known ------------------------------------------------------- */

static struct heap_block describe(struct heap_page *page, unsigned int block)
{
	bool fresh = block >= page->fresh;
	uint8_t link = fresh ? LAST : page->links[block];

	return (struct heap_block){
		.start = start_of(page) + block * page->bytes,
		.bytes = page->bytes,
		.wanted = fresh ? 0 : page->wanted[block],
		.in_use = is_used(link),
		.seen = link == USED_AND_SEEN,
		.taken_at = fresh ? 0 : page->taken_at[block],
		.released_at = fresh ? 0 : page->released_at[block],
	};
}

bool heap_find(const struct heap *heap, uint64_t address,
	       struct heap_block *block)
{
	uint64_t start = address & ~(uint64_t)(PAGE_SIZE - 1);
	struct heap_page *page = page_at(start);
	unsigned int number;

	if (!heap->pages->is_heap((void *)start))
		return false;
	number = (unsigned int)(address - start) / page->bytes;
	if (number >= page->count)
		return false;
	*block = describe(page, number);
	return true;
}

static void each_of_page(struct heap_page *page,
			 void (*visit)(const struct heap_block *block))
{
	for (unsigned int i = 0; i < page->fresh; i++) {
		struct heap_block block = describe(page, i);

		if (!block.in_use)
			continue;
		visit(&block);
		page->links[i] = USED_AND_SEEN;
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
	return class_bytes[class_of(bytes)];
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
