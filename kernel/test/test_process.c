/*
 * test_process.c - address spaces. What programs do is tested by those of
 * user/, see tests/boot/test_process.py.
 */
#include <stdint.h>

#include "boot/layout.h"
#include "kernel/cpu/cpu.h"
#include "kernel/cpu/probe.h"
#include "kernel/memory/check.h"
#include "kernel/memory/frames.h"
#include "kernel/memory/pages.h"
#include "kernel/memory/range.h"
#include "kernel/test/test.h"

#define PLACE ((uint64_t)__builtin_return_address(0))

static bool shares_all(const struct pages_space *space)
{
	for (unsigned int slot = 0; slot < PAGES_SLOTS; slot++)
		if ((slot < PAGES_SLOT_FIRST || slot >= PAGES_SLOT_END) &&
		    !pages_space_shares(space->root, slot))
			return false;
	return true;
}

TEST(spaces_give_all_back)
{
	uint64_t programs = frames_out(FRAME_PROGRAM);
	uint64_t tables = frames_out(FRAME_TABLE);
	const vaddr_t last = PROGRAM_HIGH - PAGE_SIZE;
	struct pages_space space;

	EXPECT(pages_space_start(&space));
	EXPECT(shares_all(&space));
	EXPECT(pages_space_map(&space, PROGRAM_LOW, frame_take(FRAME_PROGRAM),
			       PAGES_EXECUTE));
	EXPECT(pages_space_map(&space, last, frame_take(FRAME_PROGRAM),
			       PAGES_WRITE));
	EXPECT(frames_out(FRAME_PROGRAM) == programs + 2);
	EXPECT(check_pages() == 0);
	pages_space_clear(&space, PROGRAM_LOW, last);
	EXPECT(frames_out(FRAME_PROGRAM) == programs + 1);
	pages_space_end(&space);
	EXPECT(frames_out(FRAME_PROGRAM) == programs);
	EXPECT(frames_out(FRAME_TABLE) == tables);
}

/* Each size of ranges has slots of the top table for itself. */
TEST(spaces_follow_the_kernel)
{
	struct pages_space first, second;
	void *ranges[8];

	EXPECT(pages_space_start(&first) && pages_space_start(&second));
	for (int i = 0; i < 8; i++) {
		ranges[i] = range_take((size_t)PAGE_SIZE << i, PLACE);
		EXPECT(ranges[i]);
		EXPECT(shares_all(&first) && shares_all(&second));
	}
	EXPECT(check_pages() == 0);
	for (int i = 0; i < 8; i++) {
		EXPECT(range_give(ranges[i], PLACE) == RANGE_OK);
		EXPECT(shares_all(&first) && shares_all(&second));
	}
	pages_space_end(&first);
	pages_space_end(&second);
}

/* What is loaded into CR3 decides; in the kernel's tables it is absent. */
TEST(spaces_are_apart)
{
	struct pages_space spaces[2];
	uint64_t seen[2] = { 0, 0 }, nowhere;

	for (uint64_t i = 0; i < 2; i++) {
		paddr_t frame = frame_take(FRAME_PROGRAM);

		EXPECT(pages_space_start(&spaces[i]) && frame);
		*(uint64_t *)paddr_pointer(frame) = i + 1;
		EXPECT(pages_space_map(&spaces[i], PROGRAM_LOW, frame,
				       PAGES_READ));
	}
	EXPECT(!probe_read_unit(&nowhere, PROGRAM_LOW, sizeof(nowhere)));
	cpu_interrupts_off();
	for (int i = 0; i < 2; i++) {
		struct paging_walk walk;

		cpu_write_cr3(spaces[i].root);
		if (pages_walk(PROGRAM_LOW, &walk))
			seen[i] = *(uint64_t *)paddr_pointer(
				paging_physical(&walk, PROGRAM_LOW));
	}
	cpu_write_cr3(pages_root());
	cpu_interrupts_on();
	EXPECT(seen[0] == 1 && seen[1] == 2);
	pages_space_end(&spaces[0]);
	pages_space_end(&spaces[1]);
}
