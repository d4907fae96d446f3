/*
 * test_memory.c - frames, ranges and the heap, as long as there is memory and
 * when there is none.
 */
#include <stdint.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "kernel/cpu/probe.h"
#include "kernel/memory/check.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/kmalloc.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "kernel/test/test.h"
#include "string.h"

#define PLACE ((uint64_t)__builtin_return_address(0))
#define LARGE (3 * PAGE_SIZE + 5)
#define MANY_FRAMES 0x20000 /* 512 MiB: to take more lasts too long */

static volatile size_t most = SIZE_MAX; /* compilers refuse it */

/* What is out, to see that all of it comes back. */
struct balance {
	uint64_t available, tables, heap, ranges, range_pages;
};

static struct balance balance(void)
{
	kmalloc_flush();
	return (struct balance){
		.available = frames_available() + frames_missing() +
			     frames_out(FRAME_SHADOW),
		.tables = frames_out(FRAME_TABLE),
		.heap = frames_out(FRAME_HEAP),
		.ranges = range_count(),
		.range_pages = range_pages(),
	};
}

static bool is_absent(const void *at)
{
	uint8_t byte;

	return probe_read(&byte, (uint64_t)at, 1) == 0;
}

/* ---- Frames -------------------------------------------------------------- */

TEST(frames_have_owners)
{
	uint64_t frame = frame_take(FRAME_TEST);
	uint8_t state;

	EXPECT(frame_state(frame, &state));
	EXPECT(state == (FRAME_OUT | FRAME_TEST));
	frame_set_mapped(FRAME_TEST, frame, true);
	EXPECT(frame_state(frame + 1, &state));
	EXPECT(state == (FRAME_OUT | FRAME_MAPPED | FRAME_TEST));
	frame_set_mapped(FRAME_TEST, frame, false);
	frame_give(FRAME_TEST, frame);
	EXPECT(frame_state(frame, &state) && state == FRAME_TEST);
	EXPECT(!frame_state(0, &state));
}

/* Every frame there is, written at both ends; then all come back. */
TEST(frames_to_the_last)
{
	uint64_t before = frames_available() + frames_missing();
	uint64_t last = 0, taken = 0, frame;

	while ((frame = frame_take(FRAME_TEST))) {
		*(uint64_t *)frame = last;
		*(uint64_t *)(frame + PAGE_SIZE - 8) = ~frame;
		last = frame;
		taken++;
	}
	EXPECT(frames_available() == 0);
	EXPECT(taken + frames_missing() == before);
	EXPECT(frames_out(FRAME_TEST) == taken);
	/* Nothing left is no panic. */
	EXPECT(!kmalloc(2 * PAGE_SIZE));
	for (; last; last = frame, taken--) {
		frame = *(uint64_t *)last;
		EXPECT(*(uint64_t *)(last + PAGE_SIZE - 8) == ~last);
		frame_give(FRAME_TEST, last);
	}
	EXPECT(taken == 0);
	EXPECT(frames_available() + frames_missing() == before);
}

/* ---- Ranges -------------------------------------------------------------- */

TEST(ranges_have_guards)
{
	char *start = range_take(LARGE, PLACE);
	struct range range;

	EXPECT(start && (uint64_t)start % PAGE_SIZE == 0);
	memset(start, 0xA5, LARGE);
	EXPECT(is_absent(start - 1) && is_absent(start + 4 * PAGE_SIZE));
	EXPECT(range_find((uint64_t)start - 1, &range));
	EXPECT(range.start == (uint64_t)start && range.in_use);
	EXPECT(range_give(start, PLACE) == RANGE_OK);
	EXPECT(is_absent(start) && is_absent(start + 3 * PAGE_SIZE));
	EXPECT(range_give(start, PLACE) == RANGE_GIVEN);
	EXPECT(range_give(start + 1, PLACE) == RANGE_INSIDE);
	EXPECT(range_give(NULL, PLACE) == RANGE_FOREIGN);
}

TEST(ranges_cannot_be_executed)
{
	char *start = range_take(1, PLACE);
	struct paging_walk walk;

	EXPECT(pages_walk((uint64_t)start, &walk));
	EXPECT(paging_rights(&walk) ==
	       (PTE_WRITE | (pages_have_nx() ? PTE_NX : 0)));
	EXPECT(check_pages() == 0);
	EXPECT(range_give(start, PLACE) == RANGE_OK);
}

/* ---- The heap ------------------------------------------------------------ */

static bool is_filled(const char *block, char byte, size_t bytes)
{
	while (bytes && block[bytes - 1] == byte)
		bytes--;
	return !bytes;
}

/* Of all sizes around the bounds of their classes. */
TEST(heap_blocks)
{
	static const size_t sizes[] = { 0,   1,	   15,	 16,   17,   64,  100,
					512, 1023, 1024, 1025, 4096, 4097 };
	enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };
	char *blocks[SIZES];

	for (int i = 0; i < SIZES; i++) {
		blocks[i] = kmalloc(sizes[i]);
		EXPECT(blocks[i] && (uint64_t)blocks[i] % 16 == 0);
		memset(blocks[i], 'a' + i, sizes[i]);
	}
	for (int i = 0; i < SIZES; i++)
		EXPECT(is_filled(blocks[i], (char)('a' + i), sizes[i]));
	for (int i = 0; i < SIZES; i++)
		kfree(blocks[i]);
	kfree(NULL);
}

TEST(heap_zeroed)
{
	char *block = kmalloc(100);

	memset(block, 0xA5, 100);
	kfree(block);
	block = kcalloc(25, 4);
	EXPECT(block && is_filled(block, 0, 100));
	kfree(block);
	EXPECT(!kcalloc(most / 2, 3));
	EXPECT(!kmalloc(most));
}

TEST(heap_other_sizes)
{
	static const size_t sizes[] = { 10, 16, 17, 1000, 5000, 90000, 10, 0 };
	char *block = krealloc(NULL, 1);

	*block = '!';
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *other = krealloc(block, sizes[i]);

		EXPECT(other);
		block = other;
		if (!sizes[i])
			continue;
		EXPECT(*other == '!');
		other[sizes[i] - 1] = '.';
		*other = '!';
	}
	EXPECT(!krealloc(block, most));
	kfree(block);
}

TEST(heap_knows_its_blocks)
{
	char *block = kmalloc(100);
	struct kmalloc_block known;

	EXPECT(kmalloc_find((uint64_t)block + 99, &known));
	EXPECT(known.start == (uint64_t)block && known.bytes == 100);
	EXPECT(known.in_use && known.allocated_at);
	kfree(block);
	EXPECT(kmalloc_find((uint64_t)block, &known));
	EXPECT(!known.in_use && known.allocated_at && known.released_at);
	EXPECT(!kmalloc_find((uint64_t)&block, &known));
}

/* Blocks of a size until there are no more. Returns the last one, each holds
 * the one before it. */
static void **take_all(size_t bytes, uint64_t *count)
{
	void **last = NULL, **block;

	for (*count = 0; (block = kmalloc(bytes)); ++*count) {
		*block = last;
		last = block;
	}
	return last;
}

/* The first allocation that fails, for every size, and all comes back. What
 * there is is made small by taking the rest. */
TEST(heap_to_the_last)
{
	static const size_t sizes[] = { 64, 1024, 2 * PAGE_SIZE };
	enum { LEFT = 40 };
	uint64_t last = 0, frame;
	struct balance before, after;

	if (frames_available() > MANY_FRAMES)
		return;
	while (frames_available() > LEFT && (frame = frame_take(FRAME_TEST))) {
		*(uint64_t *)frame = last;
		last = frame;
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint64_t count;
		void **block, **next;

		before = balance();
		block = take_all(sizes[i], &count);
		EXPECT(count >= (LEFT - 10) * PAGE_SIZE / sizes[i] / 2);
		for (; block; block = next) {
			next = *block;
			kfree(block);
		}
		after = balance();
		EXPECT(after.ranges == before.ranges);
		EXPECT(after.range_pages == before.range_pages);
		/* The last page of small blocks stays, and the records of
		 * ranges. */
		EXPECT(after.available + 2 >= before.available - 8);
	}
	for (; last; last = frame) {
		frame = *(uint64_t *)last;
		frame_give(FRAME_TEST, last);
	}
}
