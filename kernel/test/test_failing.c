/*
 * test_failing.c - whoever asks for memory, with the n-th of its frames and
 * blocks refused, for every n: it says so, and everything comes back.
 *
 * What kernel/memory and kernel/thread offer has a row here.
 */
#include <stdint.h>

#include "boot/layout.h"
#include "calls.h"
#include "kernel/console/kprintf.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "kernel/sync/semaphore.h"
#include "kernel/test/test.h"
#include "kernel/thread/thread.h"
#include "kernel/thread/types.h"
#include "string.h"

#define PLACE ((uint64_t)__builtin_return_address(0))
#define OFTEN 1000 /* no caller needs so much */

/* ---- Callers: true if they got what they wanted, which they gave back ---- */

static bool use_kmalloc(void)
{
	void *block = kmalloc(200);

	kfree(block);
	return block;
}

static bool use_large_kmalloc(void)
{
	void *block = kmalloc(3 * PAGE_SIZE);

	kfree(block);
	return block;
}

static bool use_kcalloc(void)
{
	void *block = kcalloc(10, 30);

	kfree(block);
	return block;
}

/* What could not grow is as it was. */
static bool use_krealloc(void)
{
	char *block = kmalloc(10), *grown;

	if (!block)
		return false;
	memset(block, '!', 10);
	grown = krealloc(block, 2 * PAGE_SIZE);
	if (!grown && (block[0] != '!' || block[9] != '!'))
		test_failed(HERE, "the block is as it was");
	kfree(grown ? grown : block);
	return grown;
}

static bool use_range(void)
{
	void *range = range_take(20 * PAGE_SIZE, PLACE);

	if (range)
		range_give(range, PLACE);
	return range;
}

/* Where no page tables are, so that all of them are needed. */
#define NO_TABLES 0x700000000000

static bool use_page(void)
{
	paddr_t frame = frame_take(FRAME_TEST);
	bool mapped = frame && pages_map(NO_TABLES, frame, PAGES_READ);

	if (mapped)
		pages_unmap(NO_TABLES);
	if (frame)
		frame_give(FRAME_TEST, frame);
	return mapped;
}

static bool use_space(void)
{
	struct pages_space space;
	paddr_t frame;
	bool mapped;

	if (!pages_space_start(&space))
		return false;
	frame = frame_take(FRAME_PROGRAM);
	mapped = frame &&
		 pages_space_map(&space, PROGRAM_LOW, frame, PAGES_READ);
	if (mapped)
		pages_space_clear(&space, PROGRAM_LOW, PROGRAM_LOW + PAGE_SIZE);
	else if (frame)
		frame_give(FRAME_PROGRAM, frame);
	pages_space_end(&space);
	return mapped;
}

static int64_t do_nothing(void *argument)
{
	(void)argument;
	return 0;
}

static bool use_thread(void)
{
	struct thread *thread = thread_create("test", do_nothing, NULL);

	if (thread)
		thread_join(thread);
	return thread;
}

/* ---- Each with everything refused, one after the other ------------------- */

static const struct {
	const char *name;
	bool (*use)(void);
} callers[] = {
	{ "kmalloc", use_kmalloc },
	{ "large kmalloc", use_large_kmalloc },
	{ "kcalloc", use_kcalloc },
	{ "krealloc", use_krealloc },
	{ "range_take", use_range },
	{ "pages_map", use_page },
	{ "pages_space_map", use_space },
	{ "thread_create", use_thread },
};

/* How many frames and blocks it asks for; OFTEN: it does not take a refusal for
 * one. */
static uint64_t refuse_each(bool (*use)(void))
{
	for (uint64_t n = 1; n < OFTEN; n++) {
		bool got, refused;

		kmalloc_flush();
		frames_flush();
		frames_refuse(n);
		got = use();
		refused = frames_refuse_end();
		if (got == refused)
			return OFTEN;
		if (!refused)
			return n - 1;
	}
	return OFTEN;
}

/* All frames that are not free, but for the shadow of a sanitized kernel, which
 * stays. */
static uint64_t frames_in_use(void)
{
	uint64_t sum = 0;

	kmalloc_flush();
	pages_shootdown(); /* page tables that are empty go back */
	for (unsigned int i = FRAME_NOBODY + 1; i < FRAME_OWNERS; i++)
		if (i != FRAME_SHADOW && i != FRAME_STATES)
			sum += frames_out(i);
	return sum;
}

/* A first use leaves a page of blocks and of records behind; the second one
 * leaves nothing. */
TEST(failing_leaves_nothing)
{
	for (size_t i = 0; i < sizeof(callers) / sizeof(callers[0]); i++) {
		uint64_t before, asked;

		EXPECT(callers[i].use());
		before = frames_in_use();
		asked = refuse_each(callers[i].use);
		kprintf("# %s asks for %lu\n", callers[i].name, asked);
		EXPECT(asked >= 1 && asked < OFTEN);
		EXPECT(frames_in_use() == before);
	}
}

#define MANY 12 /* more than thread.c keeps stacks of */

static struct semaphore failing_gate = SEMAPHORE("failing test", 0);

static int64_t wait_at_gate(void *argument)
{
	(void)argument;
	semaphore_down(&failing_gate);
	return 0;
}

/* With no stack at hand that another thread left. */
TEST(failing_new_stacks)
{
	struct thread *threads[MANY];
	uint64_t asked;

	for (int i = 0; i < MANY; i++) {
		threads[i] = thread_create("gate", wait_at_gate, NULL);
		EXPECT(threads[i]);
	}
	/* The page for its block is there: kmalloc() asks twice for one. */
	kfree(kmalloc(sizeof(struct thread)));
	asked = refuse_each(use_thread);
	for (int i = 0; i < MANY; i++)
		semaphore_up(&failing_gate);
	for (int i = 0; i < MANY; i++)
		thread_join(threads[i]);
	kprintf("# a thread with a new stack asks for %lu\n", asked);
	EXPECT(asked > THREAD_STACK_BYTES / PAGE_SIZE && asked < OFTEN);
}
