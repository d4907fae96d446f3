#include "kernel/memory/kmalloc.h"

#include "boot/layout.h"
#include "format.h"
#include "heap_cache.h"
#include "kernel/cpu/cpus.h"
#include "kernel/sync/spinlock.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/range.h"
#include "kernel/panic/panic.h"
#include "kernel/panic/tell.h"
#include "kernel/symbols.h"
#include "string.h"

/* A place is the address behind a call: it fits, as the kernel's code lies
 * below 4 GiB. */
#define CALLER ((uint64_t)__builtin_return_address(0))

static struct heap heap;
static struct spinlock heap_lock = SPINLOCK("heap");
SPINLOCK_LISTED(heap_lock);

/* ---- Pages for small blocks ---------------------------------------------- */

static void *take_page(void)
{
	return (void *)frame_take(FRAME_HEAP);
}

static void give_page(void *page)
{
	frame_give(FRAME_HEAP, (uint64_t)page);
}

void kmalloc_start(void)
{
	static const struct heap_pages pages = { take_page, give_page,
						 frame_is_heap };

	heap_start(&heap, &pages);
	for (size_t i = 0; i < CPUS_MAX; i++)
		cpus[i].heap.most = HEAP_KEPT_MAX;
}

/* ---- Mistakes ------------------------------------------------------------ */

#define PLACE_MAX 80 /* characters of "f() at file:line" */

/* "f() at file:line" for the call that returns to an address. */
static const char *name_place(vaddr_t place, char text[PLACE_MAX])
{
	struct symbol symbol;

	if (place && symbols_find(place - 1, &symbol))
		ksnprintf(text, PLACE_MAX, "%s() at %s:%u", symbol.function,
			  symbol.file, symbol.line);
	else
		ksnprintf(text, PLACE_MAX, "%#lx", place);
	return text;
}

/* "4 bytes behind ", as seen from the block; "in "; "" for its first byte. */
static void name_distance(const struct kmalloc_block *block, vaddr_t address,
			  char *text, size_t size)
{
	uint64_t end = block->start + block->bytes;

	if (address < block->start)
		ksnprintf(text, size, "%lu bytes before ",
			  block->start - address);
	else if (address >= end)
		ksnprintf(text, size, "%lu bytes behind ", address - end);
	else
		ksnprintf(text, size, address > block->start ? "in " : "");
}

bool kmalloc_describe(vaddr_t address, char *text, size_t size)
{
	char distance[40], allocated[PLACE_MAX], released[PLACE_MAX];
	struct kmalloc_block block;

	if (!kmalloc_find(address, &block) || !block.allocated_at)
		return false;
	name_distance(&block, address, distance, sizeof(distance));
	name_place(block.allocated_at, allocated);
	if (block.in_use)
		ksnprintf(text, size, "%s%lu bytes at %#lx, allocated by %s",
			  distance, block.bytes, block.start, allocated);
	else
		ksnprintf(text, size,
			  "%s%lu bytes at %#lx, allocated by %s, released by "
			  "%s",
			  distance, block.bytes, block.start, allocated,
			  name_place(block.released_at, released));
	return true;
}

PANIC_ADDRESS(heap)
{
	return kmalloc_describe(address, text, size);
}

_Noreturn static void misused(const void *block, const char *error,
			      vaddr_t place)
{
	char known[PANIC_ADDRESS_MAX], now[PLACE_MAX];

	name_place(place, now);
	if (kmalloc_describe((uint64_t)block, known, sizeof(known)))
		panic("%p was to be released by %s, but %s: %s", block, now,
		      error, known);
	panic("%p was to be released by %s, but %s", block, now, error);
}

/* ---- Allocating and releasing -------------------------------------------- */

/* In a sanitized kernel a released block is kept back until so many others were
 * released: who still uses it is noticed. In the other one the processor that
 * released it keeps a few, and takes them again without the lock. */
#ifdef SANITIZE
#define KEPT_BACK 256

static void *kept_back[KEPT_BACK];

static void *kmalloc_take_kept(size_t bytes, vaddr_t place)
{
	(void)bytes;
	(void)place;
	return NULL;
}

static bool kmalloc_give_kept(void *block, vaddr_t place)
{
	(void)block;
	(void)place;
	return false;
}

/* The oldest that is kept back is recycled instead of it. */
static enum heap_error kmalloc_give_small(void *block, vaddr_t place)
{
	static size_t oldest;
	void *instead;
	enum heap_error error;
	SPINLOCK_HOLD(&heap_lock);

	error = heap_retire(&heap, block, (uint32_t)place);
	if (error)
		return error;
	instead = kept_back[oldest];
	kept_back[oldest] = block;
	oldest = (oldest + 1) % KEPT_BACK;
	if (instead)
		heap_recycle(&heap, instead);
	return HEAP_OK;
}

void kmalloc_flush(void)
{
	SPINLOCK_HOLD(&heap_lock);

	for (size_t i = 0; i < KEPT_BACK; i++) {
		if (kept_back[i])
			heap_recycle(&heap, kept_back[i]);
		kept_back[i] = NULL;
	}
}
#else
static inline void *kmalloc_take_kept(size_t bytes, vaddr_t place)
{
	CPU_HOLD(cpu);

	return heap_cache_take(&cpu->heap, bytes, (uint32_t)place);
}

static inline bool kmalloc_give_kept(void *block, vaddr_t place)
{
	if (!frame_is_heap(block))
		return false;
	CPU_HOLD(cpu);
	return heap_cache_give(&cpu->heap, block, (uint32_t)place);
}

__attribute__((noinline)) static enum heap_error
kmalloc_give_small(void *block, vaddr_t place)
{
	SPINLOCK_HOLD(&heap_lock);

	return heap_release(&heap, block, (uint32_t)place);
}

void kmalloc_flush(void)
{
	SPINLOCK_HOLD(&heap_lock);

	heap_cache_flush(&heap, &cpu_here()->heap);
}
#endif

static void *kmalloc_take_small(size_t bytes, vaddr_t place)
{
	SPINLOCK_HOLD(&heap_lock);

	return heap_take(&heap, bytes, (uint32_t)place);
}

/* A range, or a small block when this processor keeps none. */
__attribute__((noinline)) static void *kmalloc_take_other(size_t bytes,
							  vaddr_t place)
{
	void *block;

	if (bytes > HEAP_SMALL_MAX)
		return range_take(bytes, place);
	if (frames_refuse_this())
		return NULL;
	block = kmalloc_take_small(bytes, place);
	if (!block) {
		kmalloc_flush();
		block = kmalloc_take_small(bytes, place);
	}
	return block;
}

static inline void *allocate(size_t bytes, vaddr_t place)
{
	void *block = NULL;

	if (bytes <= HEAP_SMALL_MAX)
		block = kmalloc_take_kept(bytes, place);
	return block ? block : kmalloc_take_other(bytes, place);
}

/* A range, a small block when this processor keeps enough, or a mistake. */
__attribute__((noinline)) static void kmalloc_give_other(void *block,
							 vaddr_t place)
{
	if (range_is_address((uint64_t)block)) {
		enum range_error error = range_give(block, place);

		if (error)
			misused(block, range_error_text(error), place);
	} else {
		enum heap_error error = kmalloc_give_small(block, place);

		if (error)
			misused(block, heap_error_text(error), place);
	}
}

static inline void release(void *block, vaddr_t place)
{
	if (!kmalloc_give_kept(block, place))
		kmalloc_give_other(block, place);
}

void *kmalloc(size_t bytes)
{
	return allocate(bytes, CALLER);
}

void *kcalloc(size_t count, size_t bytes)
{
	size_t product;
	void *block;

	if (__builtin_mul_overflow(count, bytes, &product))
		return NULL;
	block = allocate(product, CALLER);
	if (block)
		memset(block, 0, product);
	return block;
}

void kfree(void *block)
{
	if (block)
		release(block, CALLER);
}

/* Whether a block of so many bytes can have so many others. */
static bool has_room(size_t bytes, size_t others)
{
	return bytes <= HEAP_SMALL_MAX && others <= HEAP_SMALL_MAX &&
	       heap_block_bytes(bytes) == heap_block_bytes(others);
}

void *krealloc(void *block, size_t bytes)
{
	struct kmalloc_block old;
	void *other;

	if (!block)
		return allocate(bytes, CALLER);
	if (!kmalloc_find((uint64_t)block, &old) || !old.in_use ||
	    old.start != (uint64_t)block)
		misused(block, "is no block in use", CALLER);
	if (has_room(old.bytes, bytes)) {
		heap_resize(block, bytes);
		return block;
	}
	other = allocate(bytes, CALLER);
	if (!other)
		return NULL;
	memcpy(other, block, old.bytes < bytes ? old.bytes : bytes);
	release(block, CALLER);
	return other;
}

/* ---- What is known ------------------------------------------------------- */

uint64_t kmalloc_find_bad(vaddr_t address, size_t bytes)
{
	struct kmalloc_block block;
	uint64_t end;

	if (!kmalloc_find(address, &block))
		return frame_is_heap((void *)address) ? address : 0;
	/* What is absent faults by itself. */
	if (range_is_address(address) && !block.in_use)
		return 0;
	end = block.start + block.bytes;
	if (!block.in_use || address < block.start || address >= end)
		return address;
	return address + bytes > end ? end : 0;
}

bool kmalloc_find(vaddr_t address, struct kmalloc_block *found)
{
	struct heap_block block;
	struct range range;

	if (frame_is_heap((void *)address) &&
	    heap_find(&heap, address, &block)) {
		*found = (struct kmalloc_block){ block.start, block.wanted,
						 block.in_use, block.taken_at,
						 block.released_at };
		return true;
	}
	if (range_find(address, &range)) {
		*found = (struct kmalloc_block){ range.start, range.bytes,
						 range.in_use, range.taken_at,
						 range.given_at };
		return true;
	}
	return false;
}

const struct heap *kmalloc_heap(void)
{
	return &heap;
}

/* Blocks of a class that were released, but are not free. */
static uint64_t kmalloc_kept(unsigned int size_class)
{
	uint64_t kept = 0;

#ifdef SANITIZE
	for (size_t i = 0; i < KEPT_BACK; i++)
		kept += kept_back[i] &&
			heap_page_with(kept_back[i])->size_class == size_class;
#else
	for (size_t i = 0; i < CPUS_MAX; i++)
		kept += cpus[i].heap.classes[size_class].count;
#endif
	return kept;
}

uint64_t kmalloc_in_use(unsigned int size_class)
{
	return heap.classes[size_class].used - kmalloc_kept(size_class);
}

static void (*visit_new)(uint64_t bytes, uint64_t allocated_at);

static void visit_block(const struct heap_block *block)
{
	if (!block->seen)
		visit_new(block->wanted, block->taken_at);
}

static void visit_range(const struct range *range)
{
	if (!range->seen)
		visit_new(range->bytes, range->taken_at);
}

void kmalloc_each_new(void (*visit)(uint64_t bytes, uint64_t allocated_at))
{
	visit_new = visit;
	{
		SPINLOCK_HOLD(&heap_lock);
		heap_each(&heap, visit_block);
	}
	range_each(visit_range);
}
