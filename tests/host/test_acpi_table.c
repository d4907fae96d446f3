/*
 * test_acpi_table.c - ACPI tables are found, and believed no further than
 * they can be checked (HW-35).
 */
#include <string.h>

#include "acpi_table.h"
#include "cmocka_test.h"
#include "fake_acpi.h"

#define ARRAY_AND_SIZE(array) array, sizeof(array)

static void expect_tables(struct fake_acpi *fake, uint64_t first,
			  uint64_t second)
{
	struct acpi_table table;
	size_t next =
		acpi_table_find(&fake->memory, fake->rsdp, "SSDT", 0, &table);

	assert_int_equal(!!next, !!first);
	if (first)
		assert_int_equal(table.address, first);
	next = next ? acpi_table_find(&fake->memory, fake->rsdp, "SSDT", next,
				      &table) :
		      0;
	assert_int_equal(!!next, !!second);
	if (second)
		assert_int_equal(table.address, second);
}

static void find_by_revision(uint8_t revision)
{
	struct fake_acpi fake = FAKE_ACPI;
	uint64_t first, second;

	fake_table(&fake, "DSDT", NULL, 0);
	first = fake_table(&fake, "SSDT", "x", 1);
	fake_table(&fake, "BOOT", "yz", 2);
	second = fake_table(&fake, "SSDT", "abc", 3);
	fake_root(&fake, revision);
	expect_tables(&fake, first, second);
}

static void test_find(void **state)
{
	(void)state;
	find_by_revision(0);
	find_by_revision(2);
}

static void test_no_rsdp(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;

	(void)state;
	expect_tables(&fake, 0, 0);
	fake.rsdp = FAKE_ADDRESS;
	expect_tables(&fake, 0, 0);
	fake.rsdp = UINT64_MAX - 8;
	expect_tables(&fake, 0, 0);
}

/* A broken table is passed over, those behind it are found. */
static void test_broken_table(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;
	uint64_t first = fake_table(&fake, "SSDT", "x", 1);
	uint64_t second = fake_table(&fake, "SSDT", "y", 1);

	(void)state;
	fake_root(&fake, 2);
	fake_at(&fake, first)[20] ^= 1;
	expect_tables(&fake, second, 0);
	fake_at(&fake, second)[36] ^= 1;
	expect_tables(&fake, 0, 0);
}

static void test_bad_lengths(void **state)
{
	static const uint32_t lengths[] = {
		0,
		8,
		35,
		FAKE_SIZE + 1,
		ACPI_TABLE_MAX,
		ACPI_TABLE_MAX + 1,
		0x7FFFFFFF,
		0xFFFFFFFF,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		struct fake_acpi fake = FAKE_ACPI;
		uint64_t table = fake_table(&fake, "SSDT", NULL, 0);

		fake_root(&fake, 2);
		fake_put(&fake, table + 4, lengths[i], 4);
		/* So that the length alone is wrong. */
		fake_sum(&fake, table, ACPI_HEADER_SIZE, 9);
		expect_tables(&fake, 0, 0);
	}
}

static void test_bad_addresses(void **state)
{
	static const uint64_t addresses[] = {
		0,
		1,
		FAKE_ADDRESS - 1,
		FAKE_ADDRESS + FAKE_SIZE - 4,
		0xFFFFFFFF,
		0x100000000,
		UINT64_MAX - 36,
		UINT64_MAX,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		struct fake_acpi fake = FAKE_ACPI;
		uint64_t good = fake_table(&fake, "SSDT", NULL, 0);

		fake.tables[1] = good;
		fake.tables[0] = addresses[i];
		fake.count = 2;
		fake_root(&fake, 2);
		expect_tables(&fake, good, 0);
	}
}

/* A good first half of the RSDP is enough; so is a good RSDT. */
static void test_fall_back_to_rsdt(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;
	uint64_t table = fake_table(&fake, "SSDT", NULL, 0);
	uint64_t xsdt;

	(void)state;
	fake_root(&fake, 2);
	memcpy(&xsdt, fake_at(&fake, fake.rsdp) + 24, 8);
	fake_at(&fake, xsdt)[10] ^= 1;
	expect_tables(&fake, table, 0);
	fake_at(&fake, fake.rsdp)[33] ^= 1;
	expect_tables(&fake, table, 0);
	fake_at(&fake, fake.rsdp)[10] ^= 1;
	expect_tables(&fake, 0, 0);
}

/* A root table that names itself, and more entries than are looked at. */
static void test_root_of_roots(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;
	uint8_t entries[8 * (ACPI_ROOT_MAX + 1)];
	uint64_t last, xsdt;

	(void)state;
	last = fake_table(&fake, "SSDT", NULL, 0);
	fake_root(&fake, 2);
	xsdt = FAKE_ADDRESS + fake.used;
	for (size_t i = 0; i <= ACPI_ROOT_MAX; i++)
		memcpy(entries + 8 * i, i < ACPI_ROOT_MAX ? &xsdt : &last, 8);
	fake_loose_table(&fake, "XSDT", ARRAY_AND_SIZE(entries));
	fake_put(&fake, fake.rsdp + 24, xsdt, 8);
	fake_sum(&fake, fake.rsdp, 36, 32);
	expect_tables(&fake, 0, 0);
	fake_put(&fake, xsdt + ACPI_HEADER_SIZE, last, 8);
	fake_table_sum(&fake, xsdt);
	expect_tables(&fake, last, 0);
}

static void test_numbers(void **state)
{
	struct fake_acpi fake = FAKE_ACPI;
	struct acpi_table table;
	uint64_t address = fake_table(&fake, "SSDT", "\x11\x22\x33\x44", 4);

	(void)state;
	assert_true(acpi_table_open(&fake.memory, address, "SSDT", &table));
	assert_false(acpi_table_open(&fake.memory, address, "SSDX", &table));
	assert_true(acpi_table_open(&fake.memory, address, "SSDT", &table));
	assert_int_equal(acpi_table_number(&table, 36, 1), 0x11);
	assert_int_equal(acpi_table_number(&table, 37, 2), 0x3322);
	assert_int_equal(acpi_table_number(&table, 36, 4), 0x44332211);
	assert_int_equal(acpi_table_number(&table, 37, 4), 0);
	assert_int_equal(acpi_table_number(&table, 40, 1), 0);
	assert_int_equal(acpi_table_number(&table, SIZE_MAX, 8), 0);
	assert_int_equal(acpi_table_number(&table, SIZE_MAX - 3, 4), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_no_rsdp),
		cmocka_unit_test(test_broken_table),
		cmocka_unit_test(test_bad_lengths),
		cmocka_unit_test(test_bad_addresses),
		cmocka_unit_test(test_fall_back_to_rsdt),
		cmocka_unit_test(test_root_of_roots),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("acpi_table", tests, NULL, NULL);
}
