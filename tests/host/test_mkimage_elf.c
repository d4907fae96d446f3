/*
 * test_mkimage_elf.c - the ELF reader: what it plans, whatever the damage.
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "elf_file.h"
#include "random.h"
#include "tools/mkimage/elf.h"

static void test_plan(void **state)
{
	uint8_t *file = elf_file_make();
	uint8_t flat[0x1020];
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_string_equal(reason.text, "");
	assert_int_equal(plan.base, 0x200000);
	assert_int_equal(plan.bytes, 0x1020);
	assert_int_equal(plan.memory, 0x4000);
	assert_int_equal(plan.entry, ELF_FILE_ENTRY);
	memset(flat, 0xff, sizeof(flat));
	elf_flatten((struct bytes){ file, ELF_FILE_SIZE }, &plan, flat);
	assert_memory_equal(flat, file + 0x1000, 0x10);
	for (unsigned int i = 0x10; i < 0x1000; i++)
		assert_int_equal(flat[i], 0);
	assert_memory_equal(flat + 0x1000, file + 0x1010, 0x20);
	free(file);
}

static void test_base_is_the_page_of_the_lowest_byte(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	elf_file_load(file, 0, 0x1000, 0x10, 0x200ff0, 0x10);
	put_le64(file + EH_ENTRY, 0x200ff0);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_int_equal(plan.base, 0x200000);
	assert_int_equal(plan.bytes, 0x1020);
	free(file);
}

static void test_empty_segments_are_ignored(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	elf_file_load(file, 1, 0, 0, 0, 0);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.memory, 0x10);
	free(file);
}

/* Only the entry's segment must be linked where it loads. */
static void test_higher_half_data_is_fine(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	put_le64(file + PH(1) + PH_VADDR, 0xffffffff80201000);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	free(file);
}

/* The least and the greatest that load. */
static void test_bounds(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	put_le64(file + EH_ENTRY, 0x100000);
	elf_file_load(file, 0, 0x1000, 0x10, 0x100000, 0x10);
	elf_file_load(file, 1, 0x1010, 0x20, 0x101000, 0x4000000 - 0x1000);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_int_equal(plan.memory, 0x4000000);

	put_le64(file + EH_ENTRY, 0xfffff000);
	elf_file_load(file, 0, 0x1000, 0x10, 0xfffff000, 0x1000);
	elf_file_load(file, 1, 0, 0, 0, 0);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_int_equal(plan.base + plan.memory, 0x100000000);
	free(file);
}

/* One ends where the other starts, in either order. */
static void test_touching_segments(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	put_le64(file + PH(1) + PH_PADDR, 0x200010);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	put_le64(file + PH(1) + PH_PADDR, 0x200000 - 0x3000);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	free(file);
}

/* However short the file, a refusal and no read behind its end. */
static void test_cut_anywhere(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	for (size_t size = 0; size < ELF_FILE_SIZE; size++) {
		assert_int_equal(elf_file_plan(file, size, &plan, &reason), -1);
		assert_string_not_equal(reason.text, "");
	}
	free(file);
}

/* What is accepted after any damage still keeps the promises of elf.h. */
static void check_promises(const uint8_t *file)
{
	struct elf_plan plan;
	struct reason reason;
	uint8_t *flat;

	if (elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason)) {
		assert_string_not_equal(reason.text, "");
		return;
	}
	assert_int_equal(plan.base % 4096, 0);
	assert_in_range(plan.base, 0x100000, 0xffffffff);
	assert_in_range(plan.bytes, 1, plan.memory);
	assert_in_range(plan.memory, 1, 0x4000000);
	assert_in_range(plan.base + plan.memory, 1, 0x100000000);
	assert_in_range(plan.entry, plan.base, plan.base + plan.bytes - 1);
	flat = malloc(plan.bytes);
	assert_non_null(flat);
	elf_flatten((struct bytes){ file, ELF_FILE_SIZE }, &plan, flat);
	free(flat);
}

static void test_damage(void **state)
{
	struct random random = { 1 };

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		uint8_t *file = elf_file_make();
		unsigned int at = random_below(&random, PH(2) / 8) * 8;

		if (random_below(&random, 2))
			put_le64(file + at, random_magnitude(&random));
		else
			file[random_below(&random, PH(2))] ^=
				(uint8_t)(1 << random_below(&random, 8));
		check_promises(file);
		free(file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_base_is_the_page_of_the_lowest_byte),
		cmocka_unit_test(test_empty_segments_are_ignored),
		cmocka_unit_test(test_higher_half_data_is_fine),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_touching_segments),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
