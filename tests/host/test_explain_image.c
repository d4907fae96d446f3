/*
 * test_explain_image.c - our own image explained, whole and damaged.
 *
 * Foreign images are made by the tools that make them, in
 * tests/boot/test_explain.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/image.h"
#include "boot/layout.h"
#include "cmocka_test.h"
#include "elf_file.h"
#include "random.h"
#include "tools/explain/explain.h"
#include "tools/mkimage/image.h"

#define STAGE2_SIZE 1001
#define MODULE_SIZE 700
#define DIAG_SIZE 900

static uint8_t *whole; /* an image with one module */
static size_t whole_size;
static char *said; /* by the last explanation */

static void flatten(const struct image *image)
{
	uint8_t *at;

	whole_size = (size_t)image->size;
	at = whole = calloc(1, whole_size);
	assert_non_null(whole);
	for (unsigned int i = 0; i < image->count; i++) {
		if (image->parts[i].bytes.size)
			memcpy(at, image->parts[i].bytes.data,
			       image->parts[i].bytes.size);
		at += image->parts[i].size;
	}
}

static int set_up(void **state)
{
	static uint8_t bootsector[512], stage2[STAGE2_SIZE];
	static const uint8_t module[MODULE_SIZE] = "module";
	static const uint8_t diag[DIAG_SIZE] = "diagnostics";
	uint8_t *kernel = elf_file_make();
	struct recipe recipe = {
		.bootsector = { bootsector, sizeof(bootsector) },
		.stage2 = { stage2, sizeof(stage2) },
		.diag = { diag, sizeof(diag) },
		.kernel = { kernel, ELF_FILE_SIZE },
		.kernel_name = "kernel.elf",
		.modules = { { module, sizeof(module) } },
		.module_count = 1,
		.cmdline = "exit",
		.geometry = { 64, 32 },
		.partition_type = 0xda,
	};
	struct reason reason;
	struct image image;

	(void)state;
	memcpy(bootsector, "\xeb\x58\x90", 3);
	bootsector[BS_CODE] = 0xf4;
	memcpy(bootsector + BS_MAGIC, "\x55\xaa", 2);
	memset(stage2, 0x90, sizeof(stage2));
	if (image_compose(&recipe, &image, &reason))
		return -1;
	flatten(&image);
	image_release(&image);
	free(kernel);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(whole);
	free(said);
	said = NULL;
	return 0;
}

/* Explains the first `size` bytes. */
static unsigned int explain_bytes(const uint8_t *bytes, size_t size, int hex)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct disk disk;
	size_t length;
	FILE *out;
	unsigned int wrong;

	assert_non_null(exact);
	memcpy(exact, bytes, size);
	disk_from_memory((struct bytes){ exact, size }, &disk);
	free(said);
	said = NULL;
	out = open_memstream(&said, &length);
	assert_non_null(out);
	wrong = explain_disk(&disk, "x.img", hex, out);
	fclose(out);
	free(exact);
	return wrong;
}

static void check_says(const char *words)
{
	if (!strstr(said, words))
		fail_msg("'%s' is not in:\n%s", words, said);
}

/* Headings are "START..END  what": they follow each other to the end. */
static void check_covered(size_t size)
{
	unsigned long covered = 0, start, end;

	for (const char *line = said; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%8lx..%8lx  ", &start, &end) != 2)
			continue;
		assert_true(start <= covered);
		if (end + 1 > covered)
			covered = end + 1;
	}
	assert_int_equal(covered, size);
}

/* The fields of LBA 0 and 1 follow each other without a gap. */
static void check_fields(void)
{
	unsigned long next = 0, offset, size;

	for (const char *line = said; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "    %8lx  %7lu  ", &offset, &size) != 2 ||
		    offset >= 1024)
			continue;
		assert_int_equal(offset, next);
		next = offset + size;
	}
	assert_int_equal(next, 1024);
}

static void test_whole(void **state)
{
	(void)state;
	assert_int_equal(explain_bytes(whole, whole_size, 0), 0);
	check_says("x.img: 1048576 bytes\nA Firstlight image, build ");
	check_says("\n00000000..000001ff  boot sector, LBA 0, 512 bytes\n"
		   "    made by bootsector/bootsector.asm, patched by "
		   "tools/mkimage/image.c\n");
	check_says("sectors to load: 3\n");
	check_says("type DA: no file system\n");
	check_says("last sector: cylinder 0, head 63, sector 32\n");
	check_says("\n00000200..000003ff  header, LBA 1, 512 bytes\n");
	check_says("command line 'exit'\n");
	check_says("\n00000400..000007ff  stage 2, from LBA 2, 1024 bytes\n");
	check_says("\n00000800..00000bff  diagnostics, 1024 bytes\n"
		   "    made by diag/, laid out by link/diag.ld\n");
	check_says("makes all words sum to 47414944\n");
	check_says("diagnostics: 2 sectors\n");
	check_says("flags: none\n");
	check_says("\n00000c00..00001dff  kernel (blob 0), 4608 bytes\n");
	check_says("loads at 0x200000\n");
	check_says("entry 0x200004\n");
	check_says("\n00001e00..000021ff  module 1 (blob 1), 1024 bytes\n");
	check_says("\n00002200..000fffff  padding to whole MiB, ");
	check_says("  HW-1 obeyed ");
	check_says("  HW-6 obeyed ");
	assert_null(strstr(said, "WRONG"));
	assert_null(strstr(said, "unexplained"));
	check_covered(whole_size);
	check_fields();
}

static void test_hex(void **state)
{
	(void)state;
	assert_int_equal(explain_bytes(whole, whole_size, 1), 0);
	check_says("    00000000  eb 58 90                 jump to the code at "
		   "0x5a\n");
	check_says("    000001fe  55 aa                    55 AA: this is a "
		   "boot sector\n");
	check_says("    00000200  46 4c 49 54              magic 'FLIT'\n");
	check_says("    00000400  90 90 90 90 90 90 90 90  contents\n"
		   "    00000408  90 90 90 90 90 90 90 90\n");
	check_covered(whole_size);
}

static void check_damage(size_t offset, const char *words)
{
	whole[offset] ^= 0x10;
	assert_true(explain_bytes(whole, whole_size, 0) > 0);
	check_says(words);
	check_says(" wrong: write the image again\n");
	whole[offset] ^= 0x10;
}

static void test_damage(void **state)
{
	(void)state;
	check_damage(HEADER_LBA * 512 + HEADER_CMDLINE,
		     "WRONG: the header's CRC is ");
	check_damage(STAGE2_LBA * 512 + 600,
		     "WRONG: header and stage 2 sum to ");
	check_damage(STAGE2_LBA * 512 + 600, "the boot sector will say S\n");
	check_damage(0x800,
		     "WRONG: the diagnostics sum to 47414954: stage 2 will not "
		     "start them\n");
	check_damage(0xc00, "WRONG: the CRC of blob 0 is ");
	check_damage(0x1e00, "WRONG: the CRC of blob 1 is ");
	check_damage(BS_SECTORS, "WRONG: the boot sector loads 19 sectors, "
				 "header and stage 2 are 3\n");
	check_damage(BS_MAGIC, "not 55 AA: no BIOS starts this\n"
			       "    WRONG: LBA 0 does not end with 55 AA: no "
			       "BIOS starts it\n");
	check_damage(HEADER_LBA * 512 + HEADER_VERSION,
		     "WRONG: version 1 is known here\n");
	check_damage(HEADER_LBA * 512 + HEADER_BLOB_COUNT,
		     "WRONG: there can be 1 to 8 blobs\n");
	assert_int_equal(explain_bytes(whole, whole_size, 0), 0);
}

static void test_cut(void **state)
{
	(void)state;
	assert_true(explain_bytes(whole, 0x1000, 0) > 0);
	check_says("WRONG: the image should have 1048576 bytes: it is cut "
		   "short\n");
	check_says("WRONG: blob 0 goes beyond the image\n");
	check_covered(0x1000);
	assert_true(explain_bytes(whole, 0x500, 0) > 0);
	check_says("WRONG: LBA 2 can't be read\n");
	assert_true(explain_bytes(whole, 0x900, 0) > 0);
	check_says("WRONG: the diagnostics can't be read\n");
}

/* Windows and a BIOS may write where HW-5 and HW-3 say: nothing is wrong. */
static void test_written_by_others(void **state)
{
	(void)state;
	put_le32(whole + BS_SIGNATURE, 0xdeadbeef);
	memset(whole + 0x0b, 0xff, BS_CODE - 0x0b);
	assert_int_equal(explain_bytes(whole, whole_size, 0), 0);
	check_says("disk signature DEADBEEF\n");
}

/* A stick is larger than the image. */
static void test_longer_medium(void **state)
{
	uint8_t *stick = calloc(2, whole_size);

	(void)state;
	assert_non_null(stick);
	memcpy(stick, whole, whole_size);
	assert_int_equal(explain_bytes(stick, 2 * whole_size, 0), 0);
	check_says("\n00100000..001fffff  the medium behind the image, ");
	free(stick);
}

static void test_no_disk(void **state)
{
	(void)state;
	explain_bytes(whole, 0, 0);
	check_says("x.img: 0 bytes\nAn empty file\n\nThis is no raw disk");
	explain_bytes(whole, 511, 0);
	check_says("Less than a sector: no disk\n");
	explain_bytes(whole + 0x800, 512, 0);
	check_says("No boot sector: LBA 0 does not end with 55 AA\n");
	check_says("  unexplained, 512 bytes\n");
}

/* Text from the disk must not reach the terminal as it is. */
static void test_control_characters(void **state)
{
	(void)state;
	memcpy(whole + 512 + HEADER_CMDLINE, "\x1b[2J\x07\xff", 6);
	explain_bytes(whole, whole_size, 0);
	check_says("command line '.[2J..'\n");
}

/* Any damage to what is parsed: every byte still has its line. */
static void test_hostile(void **state)
{
	struct random random = { 1 };

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		uint8_t copy[8192];
		unsigned int at = 512 + 4 * random_below(&random, 64);

		memcpy(copy, whole, sizeof(copy));
		put_le32(copy + at, (uint32_t)random_magnitude(&random));
		copy[random_below(&random, 1024)] ^= 0xff;
		put_le32(copy + 512, HEADER_MAGIC_VALUE);
		explain_bytes(copy, sizeof(copy), i & 1);
		check_covered(sizeof(copy));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_whole),
		TEST(test_hex),
		TEST(test_damage),
		TEST(test_cut),
		TEST(test_written_by_others),
		TEST(test_longer_medium),
		TEST(test_no_disk),
		TEST(test_control_characters),
		TEST(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
