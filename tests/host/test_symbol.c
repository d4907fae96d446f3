/*
 * test_symbol.c - looking addresses up in a table that may be damaged.
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "random.h"
#include "symbol.h"
#include "tools/file/bytes.h"

#define BASE 0xFFFFFFFF80100000
#define ROWS (SYMBOL_FUNCTIONS + 2 * SYMBOL_FUNCTION_SIZE)

/* What stands where in `strings`. */
#define NAME_F 1
#define NAME_G 3
#define FILE_A 5
#define FILE_B 9
static const char strings[] = "\0f\0g\0a.c\0b.h";

/*
 * f: 0x20 bytes at BASE: a.c:10, from 4 on a.c:12, from 8 on b.h:200, from
 * 0x10 on a.c:11. g: 0x200 bytes at BASE + 0x40, its first 0x180 unknown, then
 * b.h:1.
 */
static const uint8_t rows[] = {
	/* f */
	0,
	20 << 1 | 1,
	FILE_A,
	4,
	4 << 1,
	4,
	0xF1,
	5,
	FILE_B,
	8,
	0xF3,
	5,
	FILE_A,
	16,
	0,
	/* g */
	0x80,
	3,
	2 << 1 | 1,
	FILE_B,
	0x80,
	1,
	0,
};
#define ROWS_OF_G 15
#define STRINGS (ROWS + sizeof(rows))
#define BYTES (STRINGS + sizeof(strings))

static void put_function(uint8_t *at, uint32_t start, uint32_t size,
			 uint32_t name, uint32_t first_row)
{
	put_le32(at, start);
	put_le32(at + 4, size);
	put_le32(at + 8, name);
	put_le32(at + 12, first_row);
}

/* The table described above; the caller frees it. */
static uint8_t *make_table(void)
{
	uint8_t *table = calloc(1, BYTES);

	assert_non_null(table);
	put_le32(table, SYMBOL_MAGIC);
	put_le32(table + SYMBOL_BYTES, BYTES);
	put_le32(table + SYMBOL_BASE, BASE & UINT32_MAX);
	put_le32(table + SYMBOL_BASE + 4, BASE >> 32);
	put_le32(table + SYMBOL_COUNT, 2);
	put_le32(table + SYMBOL_ROWS, ROWS);
	put_le32(table + SYMBOL_STRINGS, STRINGS);
	put_function(table + SYMBOL_FUNCTIONS, 0, 0x20, NAME_F, 0);
	put_function(table + SYMBOL_FUNCTIONS + SYMBOL_FUNCTION_SIZE, 0x40,
		     0x200, NAME_G, ROWS_OF_G);
	memcpy(table + ROWS, rows, sizeof(rows));
	memcpy(table + STRINGS, strings, sizeof(strings));
	return table;
}

static void check(const uint8_t *table, uint64_t address, const char *function,
		  uint64_t offset, const char *file, unsigned int line)
{
	struct symbol found;

	assert_true(symbol_find(table, BYTES, address, &found));
	assert_string_equal(found.function, function);
	assert_int_equal(found.offset, offset);
	assert_string_equal(found.file, file);
	assert_int_equal(found.line, line);
}

static void test_find(void **state)
{
	uint8_t *table = make_table();

	(void)state;
	check(table, BASE, "f", 0, "a.c", 10);
	check(table, BASE + 3, "f", 3, "a.c", 10);
	check(table, BASE + 4, "f", 4, "a.c", 12);
	check(table, BASE + 8, "f", 8, "b.h", 200);
	check(table, BASE + 0xF, "f", 0xF, "b.h", 200);
	check(table, BASE + 0x10, "f", 0x10, "a.c", 11);
	check(table, BASE + 0x1F, "f", 0x1F, "a.c", 11);
	check(table, BASE + 0x40, "g", 0, "", 0);
	check(table, BASE + 0x40 + 0x17F, "g", 0x17F, "", 0);
	check(table, BASE + 0x40 + 0x180, "g", 0x180, "b.h", 1);
	check(table, BASE + 0x40 + 0x1FF, "g", 0x1FF, "b.h", 1);
	free(table);
}

static void test_one_after_the_other(void **state)
{
	uint8_t *table = make_table();
	const char *name;
	uint64_t address;

	(void)state;
	assert_true(symbol_nth(table, BYTES, 0, &name, &address));
	assert_string_equal(name, "f");
	assert_int_equal(address, BASE);
	assert_true(symbol_nth(table, BYTES, 1, &name, &address));
	assert_string_equal(name, "g");
	assert_int_equal(address, BASE + 0x40);
	assert_false(symbol_nth(table, BYTES, 2, &name, &address));
	assert_false(symbol_nth(table, BYTES, SIZE_MAX, &name, &address));
	assert_false(symbol_nth(table, BYTES - 1, 0, &name, &address));
	free(table);
}

static void test_outside(void **state)
{
	static const uint64_t addresses[] = {
		0, BASE - 1, BASE + 0x20, BASE + 0x3F, BASE + 0x240, UINT64_MAX,
	};
	uint8_t *table = make_table();
	struct symbol found;

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		assert_false(symbol_find(table, BYTES, addresses[i], &found));
	free(table);
}

static void test_no_table(void **state)
{
	uint8_t *table = make_table();
	struct symbol found;

	(void)state;
	assert_false(symbol_find(NULL, 0, BASE, &found));
	for (size_t size = 0; size < BYTES; size++) {
		uint8_t *cut = malloc(size + 1);

		assert_non_null(cut);
		memcpy(cut, table, size);
		assert_false(symbol_find(cut, size, BASE, &found));
		free(cut);
	}
	table[0] ^= 1;
	assert_false(symbol_find(table, BYTES, BASE, &found));
	free(table);
}

/* Whatever the damage: no read beyond the table, and strings that end. */
static void test_damaged(void **state)
{
	struct random random = { 1 };

	(void)state;
	for (int i = 0; i < 200000; i++) {
		uint8_t *table = make_table();
		struct symbol found;

		for (uint32_t n = random_below(&random, 6); n; n--)
			table[random_below(&random, BYTES)] =
				(uint8_t)random_next(&random);
		if (symbol_find(table, BYTES,
				BASE + random_below(&random, 0x260), &found)) {
			assert_true(strlen(found.function) < BYTES);
			assert_true(strlen(found.file) < BYTES);
		}
		free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_one_after_the_other),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
