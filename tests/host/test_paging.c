/*
 * test_paging.c - page tables, built and read back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "cmocka_test.h"
#include "paging.h"
#include "random.h"

#define KIB 1024ULL
#define MIB (1024 * KIB)
#define GIB (1024 * MIB)
#define RW (PTE_PRESENT | PTE_WRITE | PTE_NX)
#define RX PTE_PRESENT

#define TABLES_MAX 64

static void *tables[TABLES_MAX];
static unsigned int tables_used, tables_allowed;

static uint64_t new_table(void)
{
	void *table;

	if (tables_used == tables_allowed)
		return 0;
	table = aligned_alloc(PAGE_SIZE, PAGE_SIZE);
	assert_non_null(table);
	memset(table, 0, PAGE_SIZE);
	tables[tables_used++] = table;
	return (uint64_t)table;
}

/* The last one taken need not be the first given. */
static void give_table(uint64_t frame)
{
	for (unsigned int i = 0; i < tables_used; i++) {
		if ((uint64_t)tables[i] != frame)
			continue;
		for (size_t j = 0; j < PAGE_SIZE; j++)
			assert_int_equal(((const char *)tables[i])[j], 0);
		free(tables[i]);
		tables[i] = tables[--tables_used];
		return;
	}
	fail();
}

static struct paging start(bool pages_1g, bool nx)
{
	struct paging paging = { 0, new_table, NULL, pages_1g, nx };

	tables_used = 0;
	tables_allowed = TABLES_MAX;
	paging.root = new_table();
	return paging;
}

static int teardown(void **state)
{
	(void)state;
	while (tables_used)
		free(tables[--tables_used]);
	return 0;
}

static bool read(uint64_t from, uint64_t *entry)
{
	*entry = *(const uint64_t *)from;
	return true;
}

static bool cannot_read(uint64_t from, uint64_t *entry)
{
	(void)from;
	(void)entry;
	return false;
}

static struct paging_walk walk_to(const struct paging *paging, uint64_t address)
{
	struct paging_walk walk;

	paging_walk(paging->root, address, read, &walk);
	return walk;
}

#define assert_maps(paging, address, physical, levels_, rights)              \
	do {                                                                 \
		struct paging_walk walk;                                     \
                                                                             \
		assert_true(                                                 \
			paging_walk((paging)->root, address, read, &walk));  \
		assert_int_equal(walk.levels, levels_);                      \
		assert_int_equal(paging_physical(&walk, address), physical); \
		assert_int_equal(paging_rights(&walk), rights);              \
	} while (0)

static void assert_absent(const struct paging *paging, uint64_t address)
{
	struct paging_walk walk;

	assert_false(paging_walk(paging->root, address, read, &walk));
}

static void test_one_page(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	assert_true(paging_map(&paging, 0x5000, 0x123000, PAGE_SIZE, RW));
	assert_maps(&paging, 0x5123, 0x123123, 4, PTE_WRITE | PTE_NX);
	assert_absent(&paging, 0x4FFF);
	assert_absent(&paging, 0x6000);
	assert_int_equal(tables_used, 4);
}

static void test_largest_pages(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	assert_true(paging_map(&paging, GIB - 2 * MIB - PAGE_SIZE,
			       GIB - 2 * MIB - PAGE_SIZE,
			       PAGE_SIZE + 2 * MIB + 3 * GIB, RX));
	assert_maps(&paging, GIB - 2 * MIB - 1, GIB - 2 * MIB - 1, 4, 0);
	assert_maps(&paging, GIB - 1, GIB - 1, 3, 0);
	assert_maps(&paging, GIB, GIB, 2, 0);
	assert_maps(&paging, 4 * GIB - 1, 4 * GIB - 1, 2, 0);
	assert_absent(&paging, 4 * GIB);
	assert_absent(&paging, GIB - 2 * MIB - PAGE_SIZE - 1);
	assert_int_equal(tables_used, 4);
}

static void test_without_1g_pages(void **state)
{
	struct paging paging = start(false, true);

	(void)state;
	assert_true(paging_map(&paging, 4 * GIB, 4 * GIB, 2 * GIB, RW));
	assert_maps(&paging, 5 * GIB + 5, 5 * GIB + 5, 3, PTE_WRITE | PTE_NX);
	assert_int_equal(tables_used, 4);
}

static void test_without_nx(void **state)
{
	struct paging paging = start(true, false);

	(void)state;
	assert_true(paging_map(&paging, 0, 0, GIB, RW));
	assert_maps(&paging, 0, 0, 2, PTE_WRITE);
	assert_true(paging_map(&paging, 0, 0, PAGE_SIZE, PTE_NX));
	assert_absent(&paging, 0);
}

static void test_pages_must_fit_both(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	assert_true(paging_map(&paging, GIB, 2 * MIB, 2 * MIB, RX));
	assert_maps(&paging, GIB + 7, 2 * MIB + 7, 3, 0);
	assert_true(paging_map(&paging, 2 * GIB, PAGE_SIZE, 2 * MIB, RX));
	assert_maps(&paging, 2 * GIB + 7, PAGE_SIZE + 7, 4, 0);
}

static void test_splits_a_large_page(void **state)
{
	struct paging paging = start(true, true);
	const uint64_t hole = 3 * MIB;

	(void)state;
	assert_true(paging_map(&paging, 0, 0, GIB, RW));
	assert_true(paging_map(&paging, hole, 0, PAGE_SIZE, 0));
	assert_absent(&paging, hole);
	assert_maps(&paging, hole - 1, hole - 1, 4, PTE_WRITE | PTE_NX);
	assert_maps(&paging, hole + PAGE_SIZE, hole + PAGE_SIZE, 4,
		    PTE_WRITE | PTE_NX);
	assert_maps(&paging, 2 * MIB - 1, 2 * MIB - 1, 3, PTE_WRITE | PTE_NX);
	assert_maps(&paging, GIB - 1, GIB - 1, 3, PTE_WRITE | PTE_NX);
	/* In the entry of a 4 KiB page that bit is not the size. */
	assert_false(walk_to(&paging, 2 * MIB).step[3].entry & PTE_HUGE);
}

static void test_large_over_small(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	assert_true(paging_map(&paging, 5 * PAGE_SIZE, 0, PAGE_SIZE, RX));
	assert_true(paging_map(&paging, 0, GIB, GIB, RW));
	assert_maps(&paging, 5 * PAGE_SIZE, GIB + 5 * PAGE_SIZE, 4,
		    PTE_WRITE | PTE_NX);
	assert_maps(&paging, 2 * MIB, GIB + 2 * MIB, 3, PTE_WRITE | PTE_NX);
}

static void test_nothing_is_unmapped_for_free(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	assert_true(paging_map(&paging, PAGE_SIZE, 0, 600 * GIB, 0));
	assert_int_equal(tables_used, 1);
	assert_true(paging_map(&paging, 2 * GIB, 0, GIB, RW));
	assert_true(paging_map(&paging, 0, 0, 600 * GIB, 0));
	assert_absent(&paging, 2 * GIB);
	assert_absent(&paging, 3 * GIB - 1);
	assert_int_equal(tables_used, 2);
}

/* How many entries of a table are present stands in its own entry. */
static void assert_counts_fit(uint64_t table, unsigned int level)
{
	const uint64_t *entries = (const uint64_t *)table;

	for (int i = 0; level > 1 && i < 512; i++) {
		const uint64_t *below =
			(const uint64_t *)(entries[i] & PTE_ADDRESS);
		unsigned int count = 0;

		if (!(entries[i] & PTE_PRESENT) || entries[i] & PTE_HUGE)
			continue;
		for (int j = 0; j < 512; j++)
			count += below[j] & PTE_PRESENT;
		assert_int_equal(entries[i] >> PTE_COUNT_SHIFT & PTE_COUNT,
				 count);
		assert_counts_fit((uint64_t)below, level - 1);
	}
}

static void test_empty_tables_go_back(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	paging.give_table = give_table;
	assert_true(paging_map(&paging, 0, 0, PAGE_SIZE, RW));
	assert_true(paging_map(&paging, PAGE_SIZE, 0, PAGE_SIZE, RW));
	assert_true(paging_map(&paging, GIB, 0, PAGE_SIZE, RW));
	assert_int_equal(tables_used, 6);
	assert_true(paging_map(&paging, 0, 0, PAGE_SIZE, 0));
	assert_int_equal(tables_used, 6);
	assert_true(paging_map(&paging, PAGE_SIZE, 0, PAGE_SIZE, 0));
	assert_int_equal(tables_used, 4);
	assert_counts_fit(paging.root, PAGING_LEVELS);
	assert_true(paging_map(&paging, GIB, 0, PAGE_SIZE, 0));
	assert_int_equal(tables_used, 1);
	assert_absent(&paging, GIB);
}

static uint64_t gone_page, gone_frame;
static unsigned int gone_count;

static void note_gone(vaddr_t page, paddr_t frame)
{
	gone_page = page;
	gone_frame = frame;
	gone_count++;
}

static void test_clear_finds_every_page(void **state)
{
	struct paging paging = start(true, true);
	const uint64_t low = 1ULL << 46, high = (1ULL << 47) - PAGE_SIZE;

	(void)state;
	gone_count = 0;
	paging.give_table = give_table;
	assert_int_equal(paging_clear(&paging, low, high, 1, note_gone), high);
	assert_int_equal(gone_count, 0);

	assert_true(paging_map(&paging, low - PAGE_SIZE, 0, PAGE_SIZE, RW));
	assert_true(paging_map(&paging, low, GIB, PAGE_SIZE, RW));
	assert_true(paging_map(&paging, low + 5 * GIB, MIB, PAGE_SIZE, RW));
	assert_true(
		paging_map(&paging, high - PAGE_SIZE, 2 * MIB, PAGE_SIZE, RW));
	assert_int_equal(paging_clear(&paging, low, high, 2, note_gone),
			 low + 5 * GIB + PAGE_SIZE);
	assert_int_equal(gone_count, 2);
	assert_int_equal(gone_page, low + 5 * GIB);
	assert_int_equal(gone_frame, MIB);
	assert_counts_fit(paging.root, PAGING_LEVELS);
	assert_int_equal(paging_clear(&paging, low, high, 2, note_gone), high);
	assert_int_equal(gone_page, high - PAGE_SIZE);
	assert_int_equal(gone_frame, 2 * MIB);
	/* Only those that lead to the page below. */
	assert_int_equal(tables_used, 4);
	assert_maps(&paging, low - PAGE_SIZE, 0, 4, PTE_WRITE | PTE_NX);
}

/* A large page split into 512, all of which become absent. */
static void test_a_split_page_goes_back(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	paging.give_table = give_table;
	assert_true(paging_map(&paging, 0, 0, 2 * MIB, RW));
	assert_int_equal(tables_used, 3);
	for (uint64_t at = 2 * MIB; at; at -= PAGE_SIZE) {
		assert_true(
			paging_map(&paging, at - PAGE_SIZE, 0, PAGE_SIZE, 0));
		assert_counts_fit(paging.root, PAGING_LEVELS);
	}
	assert_int_equal(tables_used, 1);
}

static void test_failure_leaves_no_empty_table(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	paging.give_table = give_table;
	for (unsigned int allowed = 1; allowed < 4; allowed++) {
		tables_allowed = allowed;
		assert_false(paging_map(&paging, 0, 0, PAGE_SIZE, RW));
		assert_int_equal(tables_used, 1);
	}
	tables_allowed = 4;
	assert_true(paging_map(&paging, 0, 0, PAGE_SIZE, RW));
	assert_false(paging_map(&paging, GIB, 0, PAGE_SIZE, RW));
	assert_int_equal(tables_used, 4);
	assert_maps(&paging, 0, 0, 4, PTE_WRITE | PTE_NX);
}

/* Where an address leads to, plus 1; 0: it is absent. */
static void assert_is(const struct paging *paging, uint64_t address,
		      uint64_t expected)
{
	struct paging_walk walk;

	if (paging_walk(paging->root, address, read, &walk))
		assert_int_equal(paging_physical(&walk, address) + 1, expected);
	else
		assert_int_equal(0, expected);
}

/* Map or unmap; a page by its own functions, half of the time. */
static void change(struct random *rng, const struct paging *paging,
		   uint64_t address, uint64_t physical, uint64_t pages,
		   bool map)
{
	struct paging_walk walk;
	uint64_t frame = paging_walk(paging->root, address, read, &walk) &&
					 walk.levels == PAGING_LEVELS ?
				 paging_physical(&walk, address) :
				 0;

	if (pages > 1 || random_below(rng, 2))
		assert_true(paging_map(paging, address, physical,
				       pages * PAGE_SIZE, map ? RW : 0));
	else if (map)
		assert_true(paging_map_page(paging, address, physical, RW));
	else if (frame)
		assert_int_equal(paging_unmap_page(paging, address), frame);
	else
		/* Absent, or part of a larger one. */
		assert_true(paging_map(paging, address, 0, PAGE_SIZE, 0));
}

#define SPAN 2048 /* pages, across two tables' ends */
#define SPAN_START (GIB - 4 * MIB)

/* Any mixture of mapping and unmapping, against an array. */
static void test_random_maps(void **state)
{
	static uint64_t model[SPAN]; /* physical + 1; 0: absent */
	struct paging paging = start(true, true);
	struct random rng = { 4 };

	(void)state;
	paging.give_table = give_table;
	for (int round = 0; round < 3000; round++) {
		uint64_t first = random_below(&rng, SPAN);
		uint64_t pages = 1 + random_below(&rng, SPAN - (uint32_t)first);
		bool map = random_below(&rng, 2);
		uint64_t physical =
			random_below(&rng, 2) ?
				SPAN_START + first * PAGE_SIZE :
				random_below(&rng, 4096) * (uint64_t)PAGE_SIZE;
		uint64_t page;

		if (random_below(&rng, 2) && pages > 3)
			pages = 3;
		if (random_below(&rng, 4) == 0)
			pages = 1;
		change(&rng, &paging, SPAN_START + first * PAGE_SIZE, physical,
		       pages, map);
		for (uint64_t i = 0; i < pages; i++)
			model[first + i] = map ? physical + i * PAGE_SIZE + 1 :
						 0;
		page = random_below(&rng, SPAN);
		assert_is(&paging, SPAN_START + page * PAGE_SIZE, model[page]);
	}
	assert_counts_fit(paging.root, PAGING_LEVELS);
	assert_true(paging_map(&paging, SPAN_START, 0, SPAN * PAGE_SIZE, 0));
	assert_int_equal(tables_used, 1);
}

static void test_one_page_alone(void **state)
{
	struct paging paging = start(true, false);

	(void)state;
	paging.give_table = give_table;
	assert_int_equal(paging_unmap_page(&paging, GIB), 0);
	assert_true(paging_map_page(&paging, GIB, 5 * PAGE_SIZE, RW));
	assert_int_equal(tables_used, 4);
	/* Its table is there now; NX is left out, as the CPU has none. */
	assert_true(paging_map_page(&paging, GIB + PAGE_SIZE, 0, RW));
	assert_int_equal(walk_to(&paging, GIB + PAGE_SIZE).step[3].entry,
			 PTE_PRESENT | PTE_WRITE);
	assert_counts_fit(paging.root, PAGING_LEVELS);
	assert_int_equal(paging_unmap_page(&paging, GIB), 5 * PAGE_SIZE);
	assert_int_equal(paging_unmap_page(&paging, GIB), 0);
	assert_true(
		paging_map_page(&paging, GIB + PAGE_SIZE, 7 * PAGE_SIZE, RW));
	assert_int_equal(paging_unmap_page(&paging, GIB + PAGE_SIZE),
			 7 * PAGE_SIZE);
	assert_int_equal(tables_used, 1);
	/* A larger page is none. */
	assert_true(paging_map(&paging, 0, 0, 2 * MIB, RW));
	assert_int_equal(paging_unmap_page(&paging, PAGE_SIZE), 0);
}

static void test_device_flags(void **state)
{
	struct paging paging = start(true, true);
	const uint64_t apic = 0xFEE00000;

	(void)state;
	assert_true(paging_map(&paging, apic, apic, PAGE_SIZE,
			       RW | PTE_NO_CACHE | PTE_WRITE_THROUGH));
	assert_int_equal(walk_to(&paging, apic).step[3].entry,
			 apic | RW | PTE_NO_CACHE | PTE_WRITE_THROUGH);
}

static void test_no_table_left(void **state)
{
	(void)state;
	for (unsigned int allowed = 1; allowed < 4; allowed++) {
		struct paging paging = start(true, true);

		tables_allowed = allowed;
		assert_false(paging_map(&paging, 0, 0, PAGE_SIZE, RW));
		assert_absent(&paging, 0);
		teardown(NULL);
	}
}

static void test_walk_stops_where_it_cannot_read(void **state)
{
	struct paging paging = start(true, true);
	struct paging_walk walk;

	(void)state;
	assert_false(paging_walk(paging.root, 0, cannot_read, &walk));
	assert_true(walk.unreadable);
	assert_int_equal(walk.levels, 1);
	assert_int_equal(walk.step[0].address, paging.root);
	assert_false(paging_walk(paging.root, 0, read, &walk));
	assert_false(walk.unreadable);
}

static void test_walk_shows_each_step(void **state)
{
	struct paging paging = start(true, true);
	const uint64_t address = 1ULL << 39 | 2ULL << 30 | 3 << 21 | 4 << 12;
	struct paging_walk walk;

	(void)state;
	assert_true(paging_map(&paging, address, 0, PAGE_SIZE, RX));
	walk = walk_to(&paging, address);
	assert_int_equal(walk.step[0].address, paging.root + 8);
	for (uint64_t i = 1; i < 4; i++)
		assert_int_equal(walk.step[i].address,
				 (walk.step[i - 1].entry & PTE_ADDRESS) +
					 8 * (i + 1));
}

static void test_user_needs_every_level(void **state)
{
	struct paging paging = start(true, true);

	(void)state;
	assert_true(paging_map(&paging, 0, 0, PAGE_SIZE, RX | PTE_USER));
	assert_maps(&paging, 0, 0, 4, PTE_USER);
	*(uint64_t *)walk_to(&paging, 0).step[1].address &= ~(uint64_t)PTE_USER;
	assert_maps(&paging, 0, 0, 4, 0);
}

static void test_canonical(void **state)
{
	(void)state;
	assert_true(paging_is_canonical(0));
	assert_true(paging_is_canonical(0x00007FFFFFFFFFFF));
	assert_false(paging_is_canonical(0x0000800000000000));
	assert_false(paging_is_canonical(0xFFFF7FFFFFFFFFFF));
	assert_true(paging_is_canonical(0xFFFF800000000000));
	assert_true(paging_is_canonical(UINT64_MAX));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_one_page, teardown),
		cmocka_unit_test_teardown(test_largest_pages, teardown),
		cmocka_unit_test_teardown(test_without_1g_pages, teardown),
		cmocka_unit_test_teardown(test_without_nx, teardown),
		cmocka_unit_test_teardown(test_pages_must_fit_both, teardown),
		cmocka_unit_test_teardown(test_splits_a_large_page, teardown),
		cmocka_unit_test_teardown(test_large_over_small, teardown),
		cmocka_unit_test_teardown(test_nothing_is_unmapped_for_free,
					  teardown),
		cmocka_unit_test_teardown(test_empty_tables_go_back, teardown),
		cmocka_unit_test_teardown(test_clear_finds_every_page,
					  teardown),
		cmocka_unit_test_teardown(test_a_split_page_goes_back,
					  teardown),
		cmocka_unit_test_teardown(test_failure_leaves_no_empty_table,
					  teardown),
		cmocka_unit_test_teardown(test_random_maps, teardown),
		cmocka_unit_test_teardown(test_one_page_alone, teardown),
		cmocka_unit_test_teardown(test_device_flags, teardown),
		cmocka_unit_test(test_no_table_left),
		cmocka_unit_test_teardown(test_walk_stops_where_it_cannot_read,
					  teardown),
		cmocka_unit_test_teardown(test_walk_shows_each_step, teardown),
		cmocka_unit_test_teardown(test_user_needs_every_level,
					  teardown),
		cmocka_unit_test(test_canonical),
	};

	return cmocka_run_group_tests_name("paging", tests, NULL, NULL);
}
