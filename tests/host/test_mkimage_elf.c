/*
 * test_mkimage_elf.c - the ELF reader: what it plans, whatever the damage.
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "elf_file.h"
#include "random.h"
#include "tools/mkimage/elf.h"

/* What is accepted after any damage still keeps the promises of elf.h. */
static void check_promises(const uint8_t *file)
{
	struct elf_plan plan;
	struct reason reason;
	struct bytes whole = { file, ELF_FILE_SIZE };

	if (elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason)) {
		assert_string_not_equal(reason.text, "");
		return;
	}
	assert_true(elf_file_kept(whole, &plan));
}

/* Plans what is accepted; frees it. */
static struct elf_plan plan_whole(uint8_t *file)
{
	struct elf_plan plan;
	struct reason reason;

	if (elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason))
		fail_msg("refused: %s", reason.text);
	check_promises(file);
	free(file);
	return plan;
}

static void test_plan(void **state)
{
	uint8_t *file = elf_file_make();
	uint8_t flat[0x1020];
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_string_equal(reason.text, "");
	assert_int_equal(plan.parts[0].base, 0x200000);
	assert_int_equal(plan.parts[0].bytes, 0x1020);
	assert_int_equal(plan.parts[0].memory, 0x4000);
	assert_int_equal(plan.entry, ELF_FILE_ENTRY);
	memset(flat, 0xff, sizeof(flat));
	elf_flatten((struct bytes){ file, ELF_FILE_SIZE }, &plan,
		    &plan.parts[0], flat);
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
	assert_int_equal(plan.parts[0].base, 0x200000);
	assert_int_equal(plan.parts[0].bytes, 0x1020);
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
	assert_int_equal(plan.parts[0].memory, 0x10);
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
	elf_file_load(file, 1, 0x1010, 0x20, 0x101000, 0xffeff000);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_int_equal(plan.part_count, 1);
	assert_int_equal(plan.parts[0].bytes, 0x1020);
	assert_int_equal(plan.parts[0].memory, 0xfff00000);
	assert_int_equal(plan.end, 0x100000000);

	put_le64(file + EH_ENTRY, 0xfffff000);
	elf_file_load(file, 0, 0x1000, 0x10, 0xfffff000, 0x1000);
	elf_file_load(file, 1, 0, 0, 0, 0);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_int_equal(plan.parts[0].base + plan.parts[0].memory,
			 0x100000000);
	free(file);
}

/* 1 MiB of zeros is stored, a byte more is not. */
static void test_a_gap_parts(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;

	(void)state;
	put_le64(file + PH(1) + PH_PADDR, 0x200010 + ELF_GAP_MAX);
	plan = plan_whole(file);
	assert_int_equal(plan.part_count, 1);
	assert_int_equal(plan.parts[0].bytes, 0x30 + ELF_GAP_MAX);

	file = elf_file_make();
	put_le64(file + PH(1) + PH_PADDR, 0x200011 + ELF_GAP_MAX);
	plan = plan_whole(file);
	assert_int_equal(plan.part_count, 2);
	assert_int_equal(plan.parts[0].bytes, 0x10);
	assert_int_equal(plan.parts[0].memory, 0x10);
	assert_int_equal(plan.parts[1].base, 0x300000);
	assert_int_equal(plan.parts[1].bytes, 0x31);
	assert_int_equal(plan.parts[1].memory, 0x3011);
	assert_int_equal(plan.end, 0x303011);
}

/* The part with the entry comes first, wherever it lies. */
static void test_the_entrys_part_is_first(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;

	(void)state;
	put_le64(file + PH(1) + PH_PADDR, 0x100800);
	put_le64(file + PH(0) + PH_PADDR, 0x40000000);
	put_le64(file + PH(0) + PH_VADDR, 0x40000000);
	put_le64(file + EH_ENTRY, 0x40000000);
	plan = plan_whole(file);
	assert_int_equal(plan.part_count, 2);
	assert_int_equal(plan.parts[0].base, 0x40000000);
	assert_int_equal(plan.parts[1].base, 0x100000);
	assert_int_equal(plan.end, 0x40000010);
}

/* Behind a large bss comes what has bytes, from the middle of its last page
 * on: each byte of memory is one part's. */
static void test_bytes_behind_a_bss(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;

	(void)state;
	elf_file_load(file, 0, 0x1000, 0x10, 0x200000, 0xc800123);
	elf_file_load(file, 1, 0x1010, 0x20, 0xca00123, 0x3000);
	plan = plan_whole(file);
	assert_int_equal(plan.part_count, 2);
	assert_int_equal(plan.parts[0].bytes, 0x10);
	assert_int_equal(plan.parts[0].memory, 0xc800000);
	assert_int_equal(plan.parts[1].base, 0xca00000);
	assert_int_equal(plan.parts[1].bytes, 0x143);
}

/* A bss alone costs one byte. */
static void test_a_part_without_bytes(void **state)
{
	uint8_t *file = elf_file_make();
	struct elf_plan plan;

	(void)state;
	elf_file_load(file, 1, 0x1010, 0, 0x10000000, 0xc800000);
	plan = plan_whole(file);
	assert_int_equal(plan.part_count, 2);
	assert_int_equal(plan.parts[1].bytes, 1);
	assert_int_equal(plan.parts[1].memory, 0xc800000);
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

/* Refuses each beginning of a file; frees it. */
static void cut_anywhere(uint8_t *file)
{
	struct elf_plan plan;
	struct reason reason;

	for (size_t size = 0; size < ELF_FILE_SIZE; size++) {
		assert_int_equal(elf_file_plan(file, size, &plan, &reason), -1);
		assert_string_not_equal(reason.text, "");
	}
	free(file);
}

/* However short the file, a refusal and no read behind its end. */
static void test_cut_anywhere(void **state)
{
	(void)state;
	cut_anywhere(elf_file_make());
	cut_anywhere(elf_file_linked());
}

static void damage(uint8_t *(*make)(void), unsigned int headers)
{
	struct random random = { 1 };

	for (unsigned int i = 0; i < 20000; i++) {
		uint8_t *file = make();
		unsigned int at = random_below(&random, headers / 8) * 8;

		if (random_below(&random, 2))
			put_le64(file + at, random_magnitude(&random));
		else
			file[random_below(&random, headers)] ^=
				(uint8_t)(1 << random_below(&random, 8));
		check_promises(file);
		free(file);
	}
}

static void test_damage(void **state)
{
	(void)state;
	damage(elf_file_make, PH(2));
	damage(elf_file_linked, SH(4));
}

/* As GNU ld -z noseparate-code does it. */
static void test_headers_share_the_codes_segment(void **state)
{
	uint8_t *file = elf_file_linked();
	uint8_t flat[0x1020];
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason), 0);
	assert_int_equal(plan.parts[0].base, 0x200000);
	assert_int_equal(plan.parts[0].bytes, sizeof(flat));
	assert_int_equal(plan.parts[0].memory, 0x4000);
	elf_flatten((struct bytes){ file, ELF_FILE_SIZE }, &plan,
		    &plan.parts[0], flat);
	assert_memory_equal(flat, file + 0x1000, 0x10);
	assert_memory_equal(flat + 0x1000, file + 0x1010, 0x20);
	free(file);
}

/* At 1 MiB, the headers are below it; likewise all of GNU ld's segment. */
static void test_headers_below_1_mib(void **state)
{
	uint8_t *file = elf_file_linked();

	(void)state;
	elf_file_load(file, 0, 0, 0x1010, 0xff000, 0x1010);
	elf_file_load(file, 1, 0x1010, 0x20, 0x101000, 0x3000);
	put_le64(file + EH_ENTRY, 0x100000);
	assert_int_equal(plan_whole(file).parts[0].base, 0x100000);
}

/* A third segment, of headers alone, at `address`. */
static uint8_t *with_headers_at(uint64_t address)
{
	uint8_t *file = elf_file_linked();

	put_le16(file + EH_PHNUM, 3);
	elf_file_load(file, 0, 0, PH(3), address, PH(3));
	elf_file_load(file, 1, 0x1000, 0x10, 0x200000, 0x10);
	elf_file_load(file, 2, 0x1010, 0x20, 0x201000, 0x3000);
	return file;
}

/* As lld's -Ttext has it: over the code, or where it would have been. */
static void test_headers_in_a_segment_of_their_own(void **state)
{
	static const uint64_t places[] = {
		0x200000, 0x1ff000, 0xff000, 0, 0x9000000, 0xffffffff80000000,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct elf_plan plan = plan_whole(with_headers_at(places[i]));

		assert_int_equal(plan.count, 2);
		assert_int_equal(plan.parts[0].base, 0x200000);
		assert_int_equal(plan.parts[0].memory, 0x4000);
	}
}

/* Only the bytes in the file are headers; zeroed memory is the kernel's. */
static void test_bss_behind_headers(void **state)
{
	uint8_t *file = with_headers_at(0x204000);
	struct elf_plan plan;

	(void)state;
	put_le64(file + PH(0) + PH_MEMSZ, 0x1000);
	plan = plan_whole(file);
	assert_int_equal(plan.count, 3);
	assert_int_equal(plan.parts[0].memory, 0x5000);
	assert_int_equal(plan.parts[0].bytes, 0x1020);
}

/* Code that starts in the page of the headers, as lld has it by itself. */
static void test_section_in_the_headers_page(void **state)
{
	uint8_t *file = elf_file_linked();
	struct elf_plan plan;

	(void)state;
	file[0x240] = 0x90;
	elf_file_section(file, 1, 1, 0x1ff240, 0x240, 0xdd0);
	put_le64(file + EH_ENTRY, 0x1ff240);
	plan = plan_whole(file);
	assert_int_equal(plan.parts[0].base, 0x1ff000);
	assert_int_equal(plan.parts[0].bytes, 0x2020);
}

/* What takes no memory, or no bytes of the file, is no first section. */
static void test_sections_that_do_not_count(void **state)
{
	uint8_t *file;

	(void)state;
	file = elf_file_linked();
	elf_file_section(file, 0, 1, 0, 0x300, 0);
	assert_int_equal(plan_whole(file).parts[0].base, 0x200000);
	file = elf_file_linked();
	elf_file_section(file, 0, 8, 0, 0x300, 0x10);
	assert_int_equal(plan_whole(file).parts[0].base, 0x200000);
	file = elf_file_linked();
	elf_file_section(file, 0, 1, 0, 0x300, 0x10);
	put_le64(file + SH(0) + SH_FLAGS, 0);
	assert_int_equal(plan_whole(file).parts[0].base, 0x200000);
	file = elf_file_linked();
	elf_file_section(file, 0, 1, 0, 0x300, 0x10);
	assert_int_equal(plan_whole(file).parts[0].base, 0x1ff000);
}

/* More sections than e_shnum can tell: section 0 has the number. */
static void test_many_sections(void **state)
{
	uint8_t *file = elf_file_linked();

	(void)state;
	put_le16(file + EH_SHNUM, 0);
	put_le64(file + SH(0) + SH_BYTES, 4);
	assert_int_equal(plan_whole(file).parts[0].base, 0x200000);
}

/* Section headers that say less than the truth: nothing is left out. */
static void test_section_headers_that_lie(void **state)
{
	uint8_t *file;

	(void)state;
	for (unsigned int index = 1; index < 4; index++) { /* of no memory */
		file = elf_file_linked();
		for (unsigned int i = 1; i <= index; i++)
			put_le64(file + SH(i) + SH_FLAGS, 0);
		assert_int_equal(plan_whole(file).parts[0].base, 0x1ff000);
	}
	file = elf_file_linked(); /* all zeros */
	elf_file_section(file, 1, 8, 0x200000, 0x1000, 0x10);
	assert_int_equal(plan_whole(file).parts[0].base, 0x1ff000);
	file = elf_file_linked(); /* starts later */
	elf_file_section(file, 1, 1, 0x200008, 0x1008, 8);
	assert_int_equal(plan_whole(file).parts[0].base, 0x1ff000);
	file = elf_file_linked(); /* a byte that belongs to no section */
	file[0x800] = 1;
	assert_int_equal(plan_whole(file).parts[0].base, 0x1ff000);
	file = elf_file_linked(); /* far behind the end */
	elf_file_section(file, 1, 1, 0x200000, UINT64_MAX, 0x10);
	elf_file_section(file, 2, 1, 0x201000, UINT64_MAX, 0x20);
	assert_int_equal(plan_whole(file).parts[0].base, 0x1ff000);
}

/* No table of section headers that can be read: nothing is left out. */
static void test_no_section_headers(void **state)
{
	static const struct {
		uint64_t offset;
		unsigned int size, count;
	} tables[] = {
		{ 0, 64, 4 },
		{ UINT64_MAX, 64, 4 },
		{ ELF_FILE_SIZE - 63, 64, 1 },
		{ ELF_FILE_SIZE - 4 * 64 + 1, 64, 4 },
		{ SH(0), 40, 4 },
		{ SH(0), 64, 0xffff },
		{ SH(0), 64, 0 }, /* section 0 says 0, too */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		uint8_t *file = elf_file_linked();

		put_le64(file + EH_SHOFF, tables[i].offset);
		put_le16(file + EH_SHENTSIZE, (uint16_t)tables[i].size);
		put_le16(file + EH_SHNUM, (uint16_t)tables[i].count);
		assert_int_equal(plan_whole(file).parts[0].base, 0x1ff000);
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
		cmocka_unit_test(test_a_gap_parts),
		cmocka_unit_test(test_the_entrys_part_is_first),
		cmocka_unit_test(test_bytes_behind_a_bss),
		cmocka_unit_test(test_a_part_without_bytes),
		cmocka_unit_test(test_touching_segments),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_headers_share_the_codes_segment),
		cmocka_unit_test(test_headers_below_1_mib),
		cmocka_unit_test(test_headers_in_a_segment_of_their_own),
		cmocka_unit_test(test_bss_behind_headers),
		cmocka_unit_test(test_section_in_the_headers_page),
		cmocka_unit_test(test_sections_that_do_not_count),
		cmocka_unit_test(test_many_sections),
		cmocka_unit_test(test_section_headers_that_lie),
		cmocka_unit_test(test_no_section_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
