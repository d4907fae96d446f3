/*
 * test_mkimage_image.c - what the composed image consists of (HW-1..8).
 */
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "crc32c.h"
#include "recipe.h"

static void test_boot_sector(void **state)
{
	uint8_t *whole = compose();

	(void)state;
	assert_memory_equal(whole, bootsector, BS_SECTORS);
	assert_int_equal(whole[BS_SECTORS], 1 + 2);
	assert_int_not_equal(get_le32(whole + BS_SIGNATURE), 0);
	assert_int_equal(get_le16(whole + BS_SIGNATURE + 4), 0);
	assert_int_equal(whole[BS_PARTITIONS], 0x80);
	for (unsigned int i = BS_PARTITIONS + 16; i < BS_MAGIC; i++)
		assert_int_equal(whole[i], 0);
	assert_memory_equal(whole + BS_MAGIC, "\x55\xaa", 2);
	free(whole);
}

static void test_header(void **state)
{
	uint8_t *whole, *header, cleared[HEADER_SIZE];

	(void)state;
	recipe.cmdline = "exit verbose=1";
	whole = compose();
	header = whole + HEADER_LBA * SECTOR_SIZE;
	assert_memory_equal(header, "FLIT", 4);
	assert_int_equal(get_le16(header + HEADER_VERSION), 1);
	assert_int_equal(get_le16(header + HEADER_BLOB_COUNT), 1);
	assert_int_equal(get_le32(header + HEADER_IMAGE_SECTORS), 2048);
	assert_int_equal(get_le16(header + HEADER_STAGE2_SECTORS), 2);
	assert_int_equal(header[HEADER_DIAG_SECTORS], 0);
	assert_int_equal(header[HEADER_FLAGS], 0);
	assert_string_equal((char *)header + HEADER_CMDLINE, recipe.cmdline);
	memcpy(cleared, header, HEADER_SIZE);
	put_le32(cleared + HEADER_CRC, 0);
	put_le32(cleared + HEADER_SUM, 0);
	assert_int_equal(get_le32(header + HEADER_CRC),
			 crc32c(0, cleared, HEADER_SIZE));
	free(whole);
}

/* What the boot sector computes over what it loads (HW-8). */
static void test_sum(void **state)
{
	uint8_t *whole = compose();
	uint32_t sum = 0;

	(void)state;
	for (unsigned int i = 0; i < whole[BS_SECTORS] * SECTOR_SIZE; i += 4)
		sum += get_le32(whole + SECTOR_SIZE + i);
	assert_int_equal(sum, 0);
	assert_memory_equal(whole + STAGE2_LBA * SECTOR_SIZE, stage2,
			    STAGE2_SIZE);
	free(whole);
}

static void check_blob(const uint8_t *whole, unsigned int index,
		       struct image_blob expected)
{
	const uint8_t *entry = whole + HEADER_LBA * SECTOR_SIZE + HEADER_BLOBS +
			       index * BLOB_SIZE;

	assert_int_equal(get_le32(entry + BLOB_TYPE), expected.type);
	assert_int_equal(get_le32(entry + BLOB_LBA), expected.lba);
	assert_int_equal(get_le32(entry + BLOB_BYTES), expected.bytes);
	assert_int_equal(get_le32(entry + BLOB_MEMORY), expected.memory);
	assert_int_equal(get_le32(entry + BLOB_LOAD), expected.load);
	assert_int_equal(get_le32(entry + BLOB_ENTRY), expected.entry);
	assert_int_equal(get_le32(entry + BLOB_CRC),
			 crc32c(0, whole + expected.lba * SECTOR_SIZE,
				expected.bytes));
}

static void test_kernel(void **state)
{
	uint8_t *whole = compose();

	(void)state;
	check_blob(whole, 0,
		   (struct image_blob){ .type = BLOB_KERNEL,
					.lba = 4,
					.bytes = 0x1020,
					.memory = 0x4000,
					.load = 0x200000,
					.entry = ELF_FILE_ENTRY });
	assert_memory_equal(whole + 4 * SECTOR_SIZE, kernel + 0x1000, 0x10);
	assert_memory_equal(whole + 4 * SECTOR_SIZE + 0x1000, kernel + 0x1010,
			    0x20);
	free(whole);
}

/* A volume for UEFI lies in front of the kernel; the active partition starts
 * behind it, and ends where the geometry wants it. */
static void test_uefi_volume(void **state)
{
	static const uint8_t uefi[512] = { 'U', [0x13] = 3 };
	const uint8_t *table;
	uint8_t *whole;

	(void)state;
	recipe.uefi = (struct bytes){ uefi, sizeof(uefi) };
	whole = compose();
	table = whole + BS_PARTITIONS;
	assert_int_equal(whole[4 * SECTOR_SIZE], 'U');
	assert_int_equal(whole[7 * SECTOR_SIZE], kernel[0x1000]);
	assert_int_equal(table[0], 0x80);
	assert_int_equal(get_le32(table + 8), 7);
	assert_int_equal(get_le32(table + 8) + get_le32(table + 12), 2048);
	assert_int_equal(table[5], 63);
	assert_int_equal(table[16], 0);
	assert_int_equal(table[16 + 4], 0xef);
	assert_int_equal(get_le32(table + 16 + 8), 4);
	assert_int_equal(get_le32(table + 16 + 12), 3);
	for (unsigned int i = 32; i < 64; i++)
		assert_int_equal(table[i], 0);
	free(whole);
}

/* Each part of a kernel is a blob; a module comes behind the highest. */
static void test_kernel_in_parts(void **state)
{
	static const uint8_t one[1] = { 'x' };
	uint8_t *whole;

	(void)state;
	put_le64(kernel + PH(1) + PH_PADDR, 0xd000000);
	recipe.module_count = 1;
	recipe.modules[0] = (struct bytes){ one, sizeof(one) };
	whole = compose();
	check_blob(whole, 0,
		   (struct image_blob){ .type = BLOB_KERNEL,
					.lba = 4,
					.bytes = 0x10,
					.memory = 0x10,
					.load = 0x200000,
					.entry = ELF_FILE_ENTRY });
	check_blob(whole, 1,
		   (struct image_blob){ .type = BLOB_KERNEL,
					.lba = 5,
					.bytes = 0x20,
					.memory = 0x3000,
					.load = 0xd000000 });
	check_blob(whole, 2,
		   (struct image_blob){ .type = BLOB_MODULE,
					.lba = 6,
					.bytes = 1,
					.memory = 1,
					.load = 0xd003000 });
	free(whole);
}

/* Each module starts on the page behind the one before, in memory. */
static void test_modules(void **state)
{
	static const uint8_t one[1] = { 'x' }, pages[4097] = { 'y' };
	uint8_t *whole;

	(void)state;
	put_le64(kernel + PH(1) + PH_MEMSZ, 0x2fff);
	recipe.module_count = 3;
	recipe.modules[0] = (struct bytes){ one, sizeof(one) };
	recipe.modules[1] = (struct bytes){ pages, sizeof(pages) };
	recipe.modules[2] = (struct bytes){ one, sizeof(one) };
	whole = compose();
	check_blob(whole, 1,
		   (struct image_blob){ .type = BLOB_MODULE,
					.lba = 13,
					.bytes = 1,
					.memory = 1,
					.load = 0x204000 });
	check_blob(whole, 2,
		   (struct image_blob){ .type = BLOB_MODULE,
					.lba = 14,
					.bytes = 4097,
					.memory = 4097,
					.load = 0x205000 });
	assert_int_equal(whole[13 * SECTOR_SIZE], 'x');
	assert_int_equal(whole[14 * SECTOR_SIZE], 'y');
	check_blob(whole, 3,
		   (struct image_blob){ .type = BLOB_MODULE,
					.lba = 23,
					.bytes = 1,
					.memory = 1,
					.load = 0x207000 });
	assert_int_equal(get_le16(whole + SECTOR_SIZE + HEADER_BLOB_COUNT), 4);
	free(whole);
}

static void test_seven_modules(void **state)
{
	static const uint8_t one[1] = { 'x' }, diag[8] = { 0 };
	static const uint8_t uefi[512] = { [0x13] = 2 };
	uint8_t *whole;

	(void)state;
	recipe.diag = (struct bytes){ diag, sizeof(diag) };
	recipe.uefi = (struct bytes){ uefi, sizeof(uefi) };
	recipe.module_count = MODULES_MAX;
	for (unsigned int i = 0; i < MODULES_MAX; i++)
		recipe.modules[i] = (struct bytes){ one, 1 };
	whole = compose();
	assert_int_equal(get_le16(whole + SECTOR_SIZE + HEADER_BLOB_COUNT),
			 BLOBS_MAX);
	assert_int_equal(image.count, IMAGE_PARTS_MAX);
	free(whole);
}

static void test_part_names_sort(void **state)
{
	(void)state;
	for (unsigned int i = 1; image_part_name(i); i++)
		assert_true(strcmp(image_part_name(i - 1), image_part_name(i)) <
			    0);
	assert_null(image_part_name(5 + ELF_PARTS_MAX + MODULES_MAX + 1));
}

static uint64_t compose_id(uint32_t *signature)
{
	uint8_t *whole = compose();
	uint64_t id = get_le64(whole + SECTOR_SIZE + HEADER_BUILD_ID);

	*signature = get_le32(whole + BS_SIGNATURE);
	free(whole);
	return id;
}

/* The same input, the same id; any other input, another. */
static void test_identity(void **state)
{
	uint32_t signature, other_signature;
	uint64_t id = compose_id(&signature);

	(void)state;
	assert_int_equal(compose_id(&other_signature), id);
	assert_int_equal(other_signature, signature);

	bootsector[BS_CODE]++;
	assert_int_not_equal(compose_id(&other_signature), id);
	assert_int_not_equal(other_signature, signature);
	bootsector[BS_CODE]--;
	stage2[STAGE2_SIZE - 1]++;
	assert_int_not_equal(compose_id(&other_signature), id);
	stage2[STAGE2_SIZE - 1]--;
	kernel[0x1000]++;
	assert_int_not_equal(compose_id(&other_signature), id);
	kernel[0x1000]--;
	recipe.cmdline = "x";
	assert_int_not_equal(compose_id(&other_signature), id);
	recipe.cmdline = "";
	recipe.dummy_bpb = 1;
	assert_int_not_equal(compose_id(&other_signature), id);
	recipe.dummy_bpb = 0;
	recipe.size = 4 << 20;
	assert_int_not_equal(compose_id(&other_signature), id);
	recipe.size = 0;
	assert_int_equal(compose_id(&other_signature), id);
}

/* Only 0x0B..0x59 and what depends on the build id differ (HW-4). */
static void test_dummy_bpb(void **state)
{
	uint8_t *whole;

	(void)state;
	recipe.dummy_bpb = 1;
	whole = compose();
	assert_memory_equal(whole, bootsector, 0x0b);
	assert_int_equal(get_le16(whole + 0x0b), 512);
	assert_int_equal(whole[0x15], 0xf8);
	assert_int_equal(get_le16(whole + 0x18), 32);
	assert_int_equal(get_le16(whole + 0x1a), 64);
	assert_int_equal(get_le32(whole + 0x20), 2048);
	assert_int_equal(whole[0x40], 0x80);
	assert_memory_equal(whole + 0x43, whole + BS_SIGNATURE, 4);
	assert_memory_equal(whole + BS_CODE, bootsector + BS_CODE,
			    BS_SECTORS - BS_CODE);
	/* no file system driver may take it for its own */
	assert_int_equal(get_le16(whole + 0x0e), 0);
	assert_int_equal(get_le16(whole + 0x16), 0);
	assert_int_equal(get_le32(whole + 0x24), 0);
	free(whole);
}

/* Stage 2 will add up whole sectors. */
static void test_diag(void **state)
{
	uint8_t diag[1025], *whole, *at;
	uint32_t sum = 0;

	(void)state;
	memset(diag, 0xab, sizeof(diag));
	recipe.diag = (struct bytes){ diag, sizeof(diag) };
	whole = compose();
	at = whole + (STAGE2_LBA + 2) * SECTOR_SIZE;
	assert_int_equal(whole[SECTOR_SIZE + HEADER_DIAG_SECTORS], 3);
	for (unsigned int i = 0; i < 3 * SECTOR_SIZE; i += 4)
		sum += get_le32(at + i);
	assert_int_equal(sum, DIAG_SUM_VALUE);
	assert_memory_equal(at + DIAG_ENTRY, diag + DIAG_ENTRY,
			    sizeof(diag) - DIAG_ENTRY);
	assert_int_equal(at[sizeof(diag)], 0);
	assert_int_equal(get_le32(whole + SECTOR_SIZE + HEADER_BLOBS +
				  BLOB_LBA),
			 STAGE2_LBA + 2 + 3);
	free(whole);
}

/* The word alone, anywhere on the command line, marks the header. */
static void test_diag_word(void **state)
{
	static const struct {
		const char *cmdline;
		int wanted;
	} lines[] = {
		{ "", 0 },	   { "diag", 1 },	 { "exit diag", 1 },
		{ "diag exit", 1 },  { "a diag b", 1 },	 { "diagnose", 0 },
		{ "nodiag", 0 },   { "x=diag", 0 },	 { "diag=1", 0 },
		{ "dia g", 0 },	   { "diagdiag diag", 1 }, { "Diag", 0 },
		{ "exit step", 1 },  { "step=1", 0 },	 { "steps", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		uint8_t *whole;

		recipe.cmdline = lines[i].cmdline;
		whole = compose();
		assert_int_equal(whole[SECTOR_SIZE + HEADER_FLAGS] &
					 HEADER_FLAG_DIAG,
				 lines[i].wanted * HEADER_FLAG_DIAG);
		free(whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_boot_sector),
		TEST(test_header),
		TEST(test_sum),
		TEST(test_kernel),
		TEST(test_uefi_volume),
		TEST(test_kernel_in_parts),
		TEST(test_modules),
		TEST(test_seven_modules),
		TEST(test_part_names_sort),
		TEST(test_identity),
		TEST(test_dummy_bpb),
		TEST(test_diag),
		TEST(test_diag_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
