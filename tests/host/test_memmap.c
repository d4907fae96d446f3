/*
 * test_memmap.c - the sanitiser against maps seen in the wild and edge cases.
 */
#include <string.h>

#include "cmocka_test.h"
#include "memmap_model.h"

#define ENTRIES(array) (sizeof(array) / sizeof(*(array)))
#define ROOM 64

static struct mem_range clean[MEM_CLEAN_MAX];

/* Sanitises, checks against the model, returns the count. */
static size_t sanitised(const struct mem_range *raw, size_t raw_count)
{
	struct model model = { .raw = raw, .raw_count = raw_count };
	struct memmap_source source = { raw, raw_count, NULL, 0 };
	size_t count = memmap_sanitise(&source, clean, ENTRIES(clean));
	const char *wrong;

	assert_true(count <= 2 * raw_count);
	wrong = model_check(&model, clean, count);
	if (wrong) {
		model_print("raw", raw, raw_count);
		model_print("clean", clean, count);
		fail_msg("%s", wrong);
	}
	return count;
}

static void expect(size_t index, uint64_t base, uint64_t length, uint32_t type)
{
	assert_int_equal(clean[index].base, base);
	assert_int_equal(clean[index].length, length);
	assert_int_equal(clean[index].type, type);
	assert_int_equal(clean[index].attributes, 0);
}

/* ---- Sanitising: single points ----------------------------------------- */

static void test_qemu(void **state)
{
	const struct mem_range raw[] = {
		{ 0x0, 0x9FC00, MEM_USABLE, 1 },
		{ 0x9FC00, 0x400, MEM_RESERVED, 1 },
		{ 0xF0000, 0x10000, MEM_RESERVED, 1 },
		{ 0x100000, 0x7EE0000, MEM_USABLE, 1 },
		{ 0x7FE0000, 0x20000, MEM_RESERVED, 1 },
		{ 0xFFFC0000, 0x40000, MEM_RESERVED, 1 },
		{ 0xFD00000000, 0x300000000, MEM_RESERVED, 1 },
	};

	(void)state;
	assert_int_equal(sanitised(raw, ENTRIES(raw)), 7);
	expect(0, 0x0, 0x9F000, MEM_USABLE);
	expect(1, 0x9F000, 0x1000, MEM_RESERVED);
	expect(2, 0xF0000, 0x10000, MEM_RESERVED);
	expect(3, 0x100000, 0x7EE0000, MEM_USABLE);
	expect(6, 0xFD00000000, 0x300000000, MEM_RESERVED);
}

static void test_nothing(void **state)
{
	(void)state;
	assert_int_equal(sanitised(NULL, 0), 0);
	assert_int_equal(memmap_sanitise(&(struct memmap_source){ 0 }, NULL, 0),
			 0);
}

static void test_one_entry(void **state)
{
	const struct mem_range raw[] = { { 0x100000, 0x1000, MEM_USABLE, 1 } };

	(void)state;
	assert_int_equal(sanitised(raw, 1), 1);
	expect(0, 0x100000, 0x1000, MEM_USABLE);
}

static void test_unsorted_and_adjacent(void **state)
{
	const struct mem_range raw[] = {
		{ 0x3000, 0x1000, MEM_USABLE, 1 },
		{ 0x1000, 0x1000, MEM_USABLE, 1 },
		{ 0x2000, 0x1000, MEM_USABLE, 1 },
	};

	(void)state;
	assert_int_equal(sanitised(raw, ENTRIES(raw)), 1);
	expect(0, 0x1000, 0x3000, MEM_USABLE);
}

static void test_ignored_entries(void **state)
{
	const struct mem_range raw[] = {
		{ 0x1000, 0, MEM_USABLE, 1 }, /* empty */
		{ 0x5000, 0, MEM_BAD, 1 }, /* empty */
		{ 0x5800, 0, MEM_BAD, 1 }, /* empty inside a page */
		{ 0x2000, 0x1000, MEM_USABLE, 0 }, /* not present */
		{ 0x3000, 0x1000, MEM_BAD, 2 }, /* not present */
		{ 0x4000, 0x2000, MEM_USABLE, 0xF1 }, /* other bits: kept */
	};

	(void)state;
	assert_int_equal(sanitised(raw, ENTRIES(raw)), 1);
	expect(0, 0x4000, 0x2000, MEM_USABLE);
}

static void test_unknown_types_are_reserved(void **state)
{
	const uint32_t types[] = { 0,	       6,	   7,	       12,
				   MEM_LOADER, MEM_KERNEL, MEM_MODULE, ~0u };

	(void)state;
	for (size_t i = 0; i < ENTRIES(types); i++) {
		struct mem_range raw = { 0x1000, 0x1000, types[i], 1 };

		assert_int_equal(sanitised(&raw, 1), 1);
		expect(0, 0x1000, 0x1000, MEM_RESERVED);
	}
}

static void test_nonvolatile_is_reserved(void **state)
{
	const struct mem_range raw[] = {
		{ 0x1000, 0x1000, MEM_USABLE, 3 },
		{ 0x3000, 0x1000, MEM_BAD, 3 },
	};

	(void)state;
	assert_int_equal(sanitised(raw, ENTRIES(raw)), 2);
	expect(0, 0x1000, 0x1000, MEM_RESERVED);
	expect(1, 0x3000, 0x1000, MEM_BAD);
}

static void test_stricter_type_wins(void **state)
{
	const uint32_t order[] = { MEM_USABLE, MEM_ACPI, MEM_NVS, MEM_RESERVED,
				   MEM_BAD };

	(void)state;
	for (size_t a = 0; a < ENTRIES(order); a++) {
		for (size_t b = 0; b < ENTRIES(order); b++) {
			const struct mem_range raw[] = {
				{ 0x1000, 0x3000, order[a], 1 },
				{ 0x2000, 0x3000, order[b], 1 },
			};
			uint32_t winner = order[a > b ? a : b];

			sanitised(raw, 2);
			assert_int_equal(map_page(clean, 3, 2), winner);
			assert_int_equal(map_page(clean, 3, 3), winner);
		}
	}
}

static void test_hole_in_the_middle(void **state)
{
	const struct mem_range raw[] = {
		{ 0x0, 0x100000, MEM_USABLE, 1 },
		{ 0x40800, 0x10, MEM_RESERVED, 1 },
	};

	(void)state;
	assert_int_equal(sanitised(raw, ENTRIES(raw)), 3);
	expect(0, 0x0, 0x40000, MEM_USABLE);
	expect(1, 0x40000, 0x1000, MEM_RESERVED);
	expect(2, 0x41000, 0xBF000, MEM_USABLE);
}

static void test_page_rounding(void **state)
{
	const struct mem_range raw[] = {
		{ 0x1001, 0x2FFE, MEM_USABLE, 1 }, /* 1001..3FFE */
		{ 0x8001, 0x0FFE, MEM_USABLE, 1 }, /* no whole page */
		{ 0xAFFF, 0x0002, MEM_ACPI, 1 }, /* touches two */
	};

	(void)state;
	assert_int_equal(sanitised(raw, ENTRIES(raw)), 2);
	expect(0, 0x2000, 0x1000, MEM_USABLE);
	expect(1, 0xA000, 0x2000, MEM_ACPI);
}

static void test_wrap_is_clipped(void **state)
{
	const uint64_t top = MODEL_PAGES * PAGE_SIZE;
	const struct mem_range all = { 0, UINT64_MAX, MEM_USABLE, 1 };
	const struct mem_range wrapping = { 0x4000, UINT64_MAX, MEM_BAD, 1 };
	const struct mem_range last = { top, PAGE_SIZE, MEM_RESERVED, 1 };

	(void)state;
	assert_int_equal(sanitised(&all, 1), 1);
	expect(0, 0, top, MEM_USABLE);
	assert_int_equal(sanitised(&wrapping, 1), 1);
	expect(0, 0x4000, top - 0x4000, MEM_BAD);
	assert_int_equal(sanitised(&last, 1), 0);
}

static void test_end(void **state)
{
	struct mem_range range = { 0x100000, -0x100001ULL, MEM_RESERVED, 1 };

	(void)state;
	assert_true(memmap_end(&range) == UINT64_MAX);
	range.length--;
	assert_true(memmap_end(&range) == UINT64_MAX - 1);
	range.length += 2; /* 2^64 */
	assert_true(memmap_end(&range) == UINT64_MAX);
	range.length = UINT64_MAX;
	assert_true(memmap_end(&range) == UINT64_MAX);
	range.length = 0;
	assert_true(memmap_end(&range) == range.base);
}

static void test_full(void **state)
{
	const struct mem_range raw[] = {
		{ 0x0, 0x9000, MEM_USABLE, 1 },
		{ 0x4000, 0x1000, MEM_RESERVED, 1 },
	};
	const struct memmap_source source = { raw, ENTRIES(raw), NULL, 0 };
	struct mem_range small[4];

	(void)state;
	memset(small, 0xA5, sizeof(small));
	assert_true(memmap_sanitise(&source, small, 0) == MEMMAP_FULL);
	assert_true(memmap_sanitise(&source, small, 2) == MEMMAP_FULL);
	assert_int_equal(memmap_sanitise(&source, small, 3), 3);
	assert_int_equal(small[3].base, 0xA5A5A5A5A5A5A5A5);
}

/* The most ragged map that the loader can record fits. */
static void test_most_entries(void **state)
{
	struct mem_range raw[MEM_RAW_MAX];

	(void)state;
	raw[0] = (struct mem_range){ 0, 0x10000000, MEM_USABLE, 1 };
	for (size_t i = 1; i < MEM_RAW_MAX; i++)
		raw[i] = (struct mem_range){ i * 0x4000, 1, MEM_RESERVED, 1 };
	assert_int_equal(sanitised(raw, MEM_RAW_MAX), 2 * MEM_RAW_MAX - 1);
}

/* ---- Our own and asking ------------------------------------------------ */

static const struct mem_range one_range[] = {
	{ 0x100000, 0x100000, MEM_USABLE, 1 },
};

/* Sanitise `raw` with the `own_count` entries of `own`. */
static size_t with_own(const struct mem_range *raw, size_t raw_count,
		       const struct mem_range *own, size_t own_count)
{
	struct memmap_source source = { raw, raw_count, own, own_count };

	return memmap_sanitise(&source, clean, ROOM);
}

static void test_own_splits(void **state)
{
	const struct mem_range own = { 0x110001, 0x1000, MEM_KERNEL, 0 };

	(void)state;
	assert_int_equal(with_own(one_range, 1, &own, 1), 3);
	expect(0, 0x100000, 0x10000, MEM_USABLE);
	expect(1, 0x110000, 0x2000, MEM_KERNEL);
	expect(2, 0x112000, 0xEE000, MEM_USABLE);
}

static void test_own_edges(void **state)
{
	const struct mem_range own[] = {
		{ 0, 0x101000, MEM_LOADER, 0 },
		{ 0x1FF000, 0x5000, MEM_LOADER, 0 },
		{ 0, UINT64_MAX, MEM_MODULE, 0 },
	};

	(void)state;
	assert_int_equal(with_own(one_range, 1, own, 3), 3);
	expect(0, 0x100000, 0x1000, MEM_LOADER);
	expect(1, 0x101000, 0xFE000, MEM_MODULE);
	expect(2, 0x1FF000, 0x1000, MEM_LOADER);
}

static void test_own_merges_neighbours(void **state)
{
	const struct mem_range own[] = {
		{ 0x110000, 0x1000, MEM_MODULE, 0 },
		{ 0x111000, 0x1000, MEM_MODULE, 0 },
	};

	(void)state;
	assert_int_equal(with_own(one_range, 1, own, 2), 3);
	expect(1, 0x110000, 0x2000, MEM_MODULE);
}

static void test_own_keeps_what_is_not_usable(void **state)
{
	const struct mem_range raw[] = {
		{ 0x0, 0x4000, MEM_USABLE, 1 },
		{ 0x4000, 0x1000, MEM_RESERVED, 1 },
		{ 0x5000, 0x4000, MEM_USABLE, 1 },
	};
	const struct mem_range own = { 0x3000, 0x3000, MEM_LOADER, 0 };

	(void)state;
	assert_int_equal(with_own(raw, 3, &own, 1), 5);
	expect(1, 0x3000, 0x1000, MEM_LOADER);
	expect(2, 0x4000, 0x1000, MEM_RESERVED);
	expect(3, 0x5000, 0x1000, MEM_LOADER);
}

static void test_own_outside_is_nothing(void **state)
{
	const struct mem_range own[] = {
		{ 0x110800, 0, MEM_MODULE, 0 },
		{ 0x200000, 9, MEM_MODULE, 0 },
		{ UINT64_MAX, 9, MEM_MODULE, 0 },
	};

	(void)state;
	assert_int_equal(with_own(one_range, 1, own, 3), 1);
	expect(0, 0x100000, 0x100000, MEM_USABLE);
}

static void test_total(void **state)
{
	(void)state;
	clean[0] = (struct mem_range){ 0x1000, 0x2000, MEM_USABLE, 0 };
	clean[1] = (struct mem_range){ 0x3000, 0x1000, MEM_BAD, 0 };
	clean[2] = (struct mem_range){ 1ull << 40, 1ull << 39, MEM_USABLE, 0 };
	assert_int_equal(memmap_total(clean, 3, MEM_USABLE),
			 (1ull << 39) + 0x2000);
	assert_int_equal(memmap_total(clean, 3, MEM_BAD), 0x1000);
	assert_int_equal(memmap_total(clean, 1, MEM_BAD), 0);
	assert_int_equal(memmap_total(clean, 3, MEM_NVS), 0);
}

static void test_clip(void **state)
{
	const struct mem_range map[] = {
		{ 0x0, 0x9F000, MEM_USABLE, 0 },
		{ 0x100000, 0xF00000, MEM_USABLE, 0 },
		{ 0x100000000, 0xFFFFF00000000, MEM_USABLE, 0 },
		{ 0x10000000000000, 0x1000, MEM_RESERVED, 0 },
	};

	(void)state;
	assert_int_equal(memmap_clip(map, 4, 1ULL << 40, clean, ROOM), 3);
	expect(0, 0x0, 0x9F000, MEM_USABLE);
	expect(1, 0x100000, 0xF00000, MEM_USABLE);
	expect(2, 0x100000000, 0xFF00000000, MEM_USABLE);
	/* At the bounds of a range. */
	assert_int_equal(memmap_clip(map, 4, 0x100000000, clean, ROOM), 2);
	assert_int_equal(memmap_clip(map, 4, 0x100001000, clean, ROOM), 3);
	expect(2, 0x100000000, 0x1000, MEM_USABLE);
	assert_int_equal(memmap_clip(map, 4, 0x10000000000000, clean, ROOM), 3);
	expect(2, 0x100000000, 0xFFFFF00000000, MEM_USABLE);
	assert_int_equal(memmap_clip(map, 4, UINT64_MAX, clean, ROOM), 4);
	assert_int_equal(memmap_clip(map, 4, 0, clean, ROOM), 0);
	/* As many as there is room for. */
	assert_int_equal(memmap_clip(map, 4, UINT64_MAX, clean, 2), 2);
	assert_int_equal(memmap_clip(map, 0, UINT64_MAX, clean, ROOM), 0);
	/* In place. */
	memcpy(clean, map, sizeof(map));
	assert_int_equal(memmap_clip(clean, 4, 0x200000, clean, 4), 2);
	expect(1, 0x100000, 0x100000, MEM_USABLE);
}

static void test_type_names(void **state)
{
	const uint32_t types[] = { MEM_USABLE, MEM_RESERVED, MEM_ACPI,
				   MEM_NVS,    MEM_BAD,	     MEM_LOADER,
				   MEM_KERNEL, MEM_MODULE,   MEM_AP_PAGE };

	(void)state;
	for (size_t i = 0; i < ENTRIES(types); i++)
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(memmap_type_name(types[i]),
						memmap_type_name(types[j]));
	assert_string_equal(memmap_type_name(MEM_USABLE), "usable");
	assert_string_equal(memmap_type_name(0), "unknown");
	assert_string_equal(memmap_type_name(0x1000), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qemu),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_one_entry),
		cmocka_unit_test(test_unsorted_and_adjacent),
		cmocka_unit_test(test_ignored_entries),
		cmocka_unit_test(test_unknown_types_are_reserved),
		cmocka_unit_test(test_nonvolatile_is_reserved),
		cmocka_unit_test(test_stricter_type_wins),
		cmocka_unit_test(test_hole_in_the_middle),
		cmocka_unit_test(test_page_rounding),
		cmocka_unit_test(test_wrap_is_clipped),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_most_entries),
		cmocka_unit_test(test_own_splits),
		cmocka_unit_test(test_own_edges),
		cmocka_unit_test(test_own_merges_neighbours),
		cmocka_unit_test(test_own_keeps_what_is_not_usable),
		cmocka_unit_test(test_own_outside_is_nothing),
		cmocka_unit_test(test_total),
		cmocka_unit_test(test_clip),
		cmocka_unit_test(test_type_names),
	};

	return cmocka_run_group_tests_name("memmap", tests, NULL, NULL);
}
