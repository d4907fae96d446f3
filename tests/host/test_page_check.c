/*
 * test_page_check.c - each kind of unsafe page table is found.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "boot/x86.h"
#include "cmocka_test.h"
#include "page_check.h"
#include "paging.h"

#define RW (PTE_PRESENT | PTE_WRITE | PTE_NX)
#define RX PTE_PRESENT
#define GIB (1ULL << 30)
#define PROGRAM_FRAME 0x700000
#define RANGES 0xFFFF800000000000

#define TABLES_MAX 16

static struct {
	_Alignas(PAGE_SIZE) uint64_t entries[512];
} tables[TABLES_MAX];
static unsigned int used;
static struct paging paging;
static struct page_finding last;
static unsigned int seen[PAGE_VIOLATIONS];

static uint64_t new_table(void)
{
	assert_in_range(used, 0, TABLES_MAX - 1);
	memset(&tables[used], 0, PAGE_SIZE);
	return (uint64_t)&tables[used++];
}

static uint64_t unreadable, not_a_table;

static bool read_entry(uint64_t from, uint64_t *entry)
{
	if ((from & ~(PAGE_SIZE - 1ULL)) == unreadable)
		return false;
	*entry = *(const uint64_t *)from;
	return true;
}

static bool is_table(uint64_t frame)
{
	return frame != not_a_table &&
	       frame - (uint64_t)tables < used * PAGE_SIZE;
}

static bool is_program(uint64_t frame)
{
	return frame == PROGRAM_FRAME;
}

static void found(const struct page_finding *finding)
{
	last = *finding;
	seen[finding->what]++;
}

static struct page_check check = { read_entry, is_table, is_program,
				   1ULL << 36, true,	 found };

/* A kernel's: text, constants, variables, some RAM, one range. */
static int start(void **state)
{
	(void)state;
	used = 0;
	unreadable = not_a_table = 0;
	memset(seen, 0, sizeof(seen));
	check.nx = true;
	paging = (struct paging){ .new_table = new_table,
				  .pages_1g = true,
				  .nx = true };
	paging.root = new_table();
	paging_map(&paging, 0, 0, 4 * GIB, RW);
	paging_map(&paging, 0x100000, 0x100000, 0x20000, RX);
	paging_map(&paging, 0x120000, 0x120000, 0x10000, PTE_PRESENT | PTE_NX);
	paging_map(&paging, RANGES, 0x800000, 0x4000, RW);
	paging_map(&paging, 1ULL << 46, PROGRAM_FRAME, PAGE_SIZE,
		   RX | PTE_USER);
	paging_map(&paging, PROGRAM_FRAME, PROGRAM_FRAME, PAGE_SIZE,
		   PTE_PRESENT | PTE_NX);
	return 0;
}

static void expect_one(enum page_violation what, uint64_t address)
{
	assert_int_equal(page_check(&check, paging.root), 1);
	assert_int_equal(seen[what], 1);
	assert_int_equal(last.address, address);
}

static void test_good_tables(void **state)
{
	(void)state;
	assert_int_equal(page_check(&check, paging.root), 0);
}

static void test_write_and_execute(void **state)
{
	(void)state;
	paging_map(&paging, 0x130000, 0x130000, PAGE_SIZE,
		   PTE_PRESENT | PTE_WRITE);
	expect_one(PAGE_WRITE_EXECUTE, 0x130000);
}

static void test_without_nx_all_is_executable(void **state)
{
	(void)state;
	check.nx = false;
	paging_map(&paging, 0x130000, 0x130000, PAGE_SIZE,
		   PTE_PRESENT | PTE_WRITE);
	assert_int_equal(page_check(&check, paging.root), 0);
}

/* The kernel's text, to be written through a range. */
static void test_writable_alias_of_text(void **state)
{
	(void)state;
	paging_map(&paging, RANGES + 0x10000, 0x11F000, PAGE_SIZE, RW);
	expect_one(PAGE_ALIAS, RANGES + 0x10000);
	assert_int_equal(last.other, 0x100000);
	assert_int_equal(last.physical, 0x11F000);
}

/* RAM, to be executed through a range. */
static void test_executable_alias_of_ram(void **state)
{
	(void)state;
	paging_map(&paging, RANGES + 0x10000, 3 * GIB + 0x5000, PAGE_SIZE, RX);
	expect_one(PAGE_ALIAS, 3 * GIB);
	assert_int_equal(last.other, RANGES + 0x10000);
}

/* The kernel writes what a program executes, at the frame's own address. */
static void test_programs_own_frame(void **state)
{
	(void)state;
	paging_map(&paging, PROGRAM_FRAME, PROGRAM_FRAME, PAGE_SIZE, RW);
	assert_int_equal(page_check(&check, paging.root), 0);
}

/* Slot 128 alone, where the program is. */
static void test_a_part_of_the_tables(void **state)
{
	(void)state;
	paging_map(&paging, 0x130000, 0x130000, PAGE_SIZE,
		   PTE_PRESENT | PTE_WRITE);
	assert_int_equal(page_check_part(&check, paging.root, 128, 129), 0);
	assert_int_equal(page_check_part(&check, paging.root, 0, 1), 1);
	paging_map(&paging, 1ULL << 46, PROGRAM_FRAME, PAGE_SIZE,
		   PTE_PRESENT | PTE_WRITE | PTE_USER);
	assert_int_equal(page_check_part(&check, paging.root, 128, 129), 1);
	assert_int_equal(page_check_part(&check, paging.root, 129, 512), 0);
}

static void test_kernel_in_reach_of_ring_3(void **state)
{
	(void)state;
	paging_map(&paging, 1ULL << 45, 0x900000, PAGE_SIZE, RW | PTE_USER);
	expect_one(PAGE_USER, 1ULL << 45);
	assert_int_equal(last.physical, 0x900000);
}

/* The entry of a table that somebody else has. */
static void test_table_of_another_kind(void **state)
{
	struct paging_walk walk;

	(void)state;
	paging_walk(paging.root, RANGES, read_entry, &walk);
	not_a_table = walk.step[2].entry & PTE_ADDRESS;
	expect_one(PAGE_TABLE, RANGES);
	assert_int_equal(last.physical, not_a_table);
}

static void test_wrong_count(void **state)
{
	struct paging_walk walk;

	(void)state;
	paging_walk(paging.root, RANGES, read_entry, &walk);
	*(uint64_t *)walk.step[1].address += 1ULL << PTE_COUNT_SHIFT;
	expect_one(PAGE_COUNT, RANGES);
}

static void test_beyond_the_cpu(void **state)
{
	(void)state;
	paging_map(&paging, RANGES + 0x10000, 1ULL << 36, PAGE_SIZE, RW);
	expect_one(PAGE_BEYOND, RANGES + 0x10000);
}

static void test_unreadable_table(void **state)
{
	struct paging_walk walk;

	(void)state;
	paging_walk(paging.root, RANGES, read_entry, &walk);
	unreadable = walk.step[2].entry & PTE_ADDRESS;
	expect_one(PAGE_UNREADABLE, RANGES);
	unreadable = paging.root;
	assert_int_equal(page_check(&check, paging.root), 1);
	assert_int_equal(seen[PAGE_UNREADABLE], 2);
}

static void test_too_many_executable_ranges(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 70; i++)
		paging_map(&paging, RANGES + 0x20000 + 2 * i * PAGE_SIZE,
			   0x100000, PAGE_SIZE, RX);
	assert_int_equal(page_check(&check, paging.root), 1);
	assert_int_equal(seen[PAGE_TOO_MANY], 1);
}

static void test_root_of_another_kind(void **state)
{
	(void)state;
	not_a_table = paging.root;
	expect_one(PAGE_TABLE, 0);
}

static void test_words(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < PAGE_VIOLATIONS; i++)
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(page_violation_text(i),
						page_violation_text(j));
	assert_string_equal(page_violation_text(PAGE_VIOLATIONS),
			    "has an unknown fault");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_good_tables, start),
		cmocka_unit_test_setup(test_write_and_execute, start),
		cmocka_unit_test_setup(test_without_nx_all_is_executable,
				       start),
		cmocka_unit_test_setup(test_writable_alias_of_text, start),
		cmocka_unit_test_setup(test_executable_alias_of_ram, start),
		cmocka_unit_test_setup(test_kernel_in_reach_of_ring_3, start),
		cmocka_unit_test_setup(test_table_of_another_kind, start),
		cmocka_unit_test_setup(test_wrong_count, start),
		cmocka_unit_test_setup(test_programs_own_frame, start),
		cmocka_unit_test_setup(test_a_part_of_the_tables, start),
		cmocka_unit_test_setup(test_beyond_the_cpu, start),
		cmocka_unit_test_setup(test_unreadable_table, start),
		cmocka_unit_test_setup(test_too_many_executable_ranges, start),
		cmocka_unit_test_setup(test_root_of_another_kind, start),
		cmocka_unit_test_setup(test_words, start),
	};

	return cmocka_run_group_tests_name("page_check", tests, NULL, NULL);
}
