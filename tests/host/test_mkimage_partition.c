/*
 * test_mkimage_partition.c - geometry and partition entry (HW-1, HW-2, HW-6).
 */
#include <string.h>

#include "cmocka_test.h"
#include "tools/file/bytes.h"
#include "tools/mkimage/partition.h"

static const struct geometry small = { 64, 32 };
static const struct geometry large = { 255, 63 };

/* Tuples as other tools write them for the same sectors. */
static void test_known_tuples(void **state)
{
	static const struct {
		uint32_t heads, track;
		uint64_t lba;
		uint8_t chs[3];
	} known[] = {
		{ 64, 32, 0, { 0, 1, 0 } },
		{ 64, 32, 1, { 0, 2, 0 } },
		{ 64, 32, 31, { 0, 32, 0 } },
		{ 64, 32, 32, { 1, 1, 0 } },
		{ 64, 32, 2047, { 63, 32, 0 } },
		{ 64, 32, 2048, { 0, 1, 1 } },
		{ 64, 32, 2048 * 256, { 0, 1 | 1 << 6, 0 } },
		{ 64, 32, 2048 * 1024 - 1, { 63, 32 | 3 << 6, 255 } },
		{ 64, 32, 2048 * 1024, { 0xfe, 0xff, 0xff } },
		{ 255, 63, 2048, { 32, 33, 0 } },
		{ 255, 63, 16064, { 254, 63, 0 } },
		{ 255, 63, 16065 * 1024 - 1, { 254, 63 | 3 << 6, 255 } },
		{ 255, 63, 16065 * 1024, { 0xfe, 0xff, 0xff } },
		{ 255, 63, UINT32_MAX, { 0xfe, 0xff, 0xff } },
	};
	uint8_t chs[3];

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const struct geometry geometry = { known[i].heads,
						   known[i].track };

		partition_chs(geometry, known[i].lba, chs);
		assert_memory_equal(chs, known[i].chs, 3);
	}
}

static void test_entry_of_64_by_32(void **state)
{
	static const uint8_t expected[16] = { 0x80, 0, 2, 0, 0xda, 63,	 32,
					      0,    1, 0, 0, 0,	   0xff, 0x07 };
	uint8_t entry[16] = { 0 };

	(void)state;
	partition_write(entry, small, 0xda, 2048);
	assert_memory_equal(entry, expected, 16);
}

static void test_entry_beyond_cylinder_1023(void **state)
{
	uint8_t entry[16] = { 0 };

	(void)state;
	partition_write(entry, small, 0x0c, 2048 * 1025);
	assert_int_equal(entry[4], 0x0c);
	assert_memory_equal(entry + 5, "\xfe\xff\xff", 3);
	assert_int_equal(get_le32(entry + 8), 1);
	assert_int_equal(get_le32(entry + 12), 2048 * 1025 - 1);
}

/* The last tuple is a cylinder's last sector, inside the image, and less than
 * a cylinder lies behind it. */
static void check_size(struct geometry geometry, uint64_t used)
{
	uint64_t cylinder = (uint64_t)geometry.heads * geometry.track;
	uint64_t sectors = partition_image_sectors(geometry, used);
	uint64_t end = partition_end(geometry, sectors);
	uint8_t entry[16] = { 0 };

	assert_int_equal(sectors % 2048, 0);
	assert_int_equal(end % cylinder, 0);
	assert_true(used <= end && end <= sectors);
	assert_true(sectors - end < cylinder);
	assert_true(sectors - used < cylinder + 2048);
	partition_write(entry, geometry, 1, sectors);
	assert_int_equal(entry[5], geometry.heads - 1);
	assert_int_equal(entry[6] & 63, geometry.track);
	assert_int_equal(get_le32(entry + 8) + get_le32(entry + 12), end);
}

static void test_sizes(void **state)
{
	(void)state;
	for (uint64_t used = 1; used < 100000; used += 61) {
		check_size(small, used);
		check_size(large, used);
	}
	assert_int_equal(partition_image_sectors(small, 2048), 2048);
	assert_int_equal(partition_image_sectors(small, 2049), 4096);
	assert_int_equal(partition_image_sectors(large, 1), 16384);
	assert_int_equal(partition_image_sectors(large, 16065), 16384);
	assert_int_equal(partition_image_sectors(large, 16066), 32768);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_tuples),
		cmocka_unit_test(test_entry_of_64_by_32),
		cmocka_unit_test(test_entry_beyond_cylinder_1023),
		cmocka_unit_test(test_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
