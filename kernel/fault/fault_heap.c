/*
 * fault_heap.c - mistakes with memory that C allows: what the plain kernel
 * notices of them, and what only the sanitized one (make SANITIZE=1).
 */
#include <stddef.h>
#include <stdint.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/fault/kinds.h"
#include "kernel/memory/check.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/panic/panic.h"

#define BYTES 100

/* Compilers see through plain ones, and warn. */
static volatile char *volatile block;
static volatile char sink;
static volatile size_t beyond = BYTES + 3;

/* ---- Small blocks: the plain kernel notices what is released wrongly ----- */

static void heap_overflow(void)
{
	block = kmalloc(BYTES);
	block[beyond] = 1;
}

static void heap_use_after_free(void)
{
	block = kmalloc(BYTES);
	kfree((void *)block);
	sink = block[beyond - BYTES];
	block = NULL;
}

static void heap_double_free(void)
{
	char *volatile again = kmalloc(BYTES);

	kfree(again);
	kfree(again);
}

static void heap_inside(void)
{
	char *volatile inside = kmalloc(BYTES);

	kfree(inside + HEAP_ALIGNMENT);
}

static void forget_block(void)
{
	kfree((void *)block);
	block = NULL;
}

/* ---- Large blocks: the MMU notices it ------------------------------------ */

static void range_overflow(void)
{
	volatile char *volatile range = kmalloc(2 * PAGE_SIZE);

	range[2 * PAGE_SIZE + 3] = 1;
}

static void range_use_after_free(void)
{
	volatile char *volatile range = kmalloc(2 * PAGE_SIZE);

	kfree((void *)range);
	sink = range[5];
}

/* ---- Stack and variables ------------------------------------------------- */

/* As far as the stack protector's value: the plain kernel notices it when the
 * function returns. */
__attribute__((noinline)) static void write_beyond(char *array, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		((volatile char *)array)[i] = 'A';
}

__attribute__((noinline)) static void stack_out_of_bounds(void)
{
	char array[16];
	volatile size_t bytes = 24;

	write_beyond(array, bytes);
	sink = array[0];
}

static char global[10];

static void global_out_of_bounds(void)
{
	volatile char *volatile start = global;

	start[sizeof(global)] = 1;
}

const struct fault heap_faults[] = {
	{ "heap-overflow", "a write behind the end of a block of kmalloc()",
	  heap_overflow, forget_block },
	{ "heap-use-after-free", "a read from a block that was released",
	  heap_use_after_free, NULL },
	{ "heap-double-free", "a block that is released twice",
	  heap_double_free, NULL },
	{ "heap-inside", "the release of an address inside a block",
	  heap_inside, NULL },
	{ "range-overflow", "a write behind the end of a range of pages",
	  range_overflow, NULL },
	{ "range-use-after-free", "a read from a range that was released",
	  range_use_after_free, NULL },
	{ "stack-out-of-bounds",
	  "a write behind an array on the stack by another function",
	  stack_out_of_bounds, NULL },
	{ "global-out-of-bounds", "a write behind the end of a global array",
	  global_out_of_bounds, NULL },
};
const size_t heap_fault_count = sizeof(heap_faults) / sizeof(heap_faults[0]);

/* ---- A page that is written and executed --------------------------------- */

void fault_write_execute(void)
{
	fault_entry_change((uint64_t)&sink, PTE_NX, 0);
	if (check_pages())
		panic("pages can be written and executed: see the lines above");
}

void fault_write_execute_close(void)
{
	fault_entry_restore((uint64_t)&sink);
}
