/*
 * test_mkimage_refused.c - the bounds of a recipe, and what is said beyond.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "recipe.h"

static void check_refused(const char *words)
{
	assert_int_equal(image_compose(&recipe, &image, &reason), -1);
	assert_string_equal(reason.text, words);
}

static void test_size(void **state)
{
	uint8_t *whole;

	(void)state;
	recipe.size = 3 << 20;
	whole = compose();
	assert_int_equal(image.size, 3 << 20);
	assert_int_equal(get_le32(whole + SECTOR_SIZE + HEADER_IMAGE_SECTORS),
			 3 * 2048);
	assert_int_equal(get_le32(whole + BS_PARTITIONS + 12), 3 * 2048 - 1);
	free(whole);

	recipe.size = 1 << 20; /* as it would be anyway */
	free(compose());
	recipe.size = (1 << 20) + 512;
	check_refused("1049088 bytes are no whole number of MiB, which BIOSes "
		      "want: say --size 2M");
	recipe.geometry = (struct geometry){ 255, 63 };
	recipe.size = 7 << 20;
	check_refused("the image needs 8 MiB, 7 are too small: say --size 8M "
		      "or leave it out");
	recipe.size = (uint64_t)2 << 40;
	check_refused("2097152 MiB exceed what a partition entry can name, "
		      "2097151 MiB: make it smaller");
}

static void test_command_line(void **state)
{
	char text[CMDLINE_MAX + 2];
	uint8_t *whole;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[CMDLINE_MAX] = '\0';
	recipe.cmdline = text;
	whole = compose();
	assert_string_equal((char *)whole + SECTOR_SIZE + HEADER_CMDLINE, text);
	free(whole);

	text[CMDLINE_MAX] = 'a';
	text[CMDLINE_MAX + 1] = '\0';
	check_refused("the command line has 256 characters, at most 255 fit: "
		      "make it shorter");
	recipe.cmdline = "one\ttwo";
	check_refused("character 4 of the command line is the control "
		      "character 0x09: leave it out");
	recipe.cmdline = "\x7f";
	check_refused("character 1 of the command line is the control "
		      "character 0x7f: leave it out");
}

static void test_refused_blobs(void **state)
{
	static const uint8_t pages[4097];

	(void)state;
	recipe.module_count = 1;
	recipe.module_names[0] = "m.txt";
	check_refused("m.txt: the module is empty, nothing to load: leave it "
		      "out");

	elf_file_load(kernel, 0, 0x1000, 0x10, 0xffffd000, 0x1001);
	elf_file_load(kernel, 1, 0, 0, 0, 0);
	put_le64(kernel + EH_ENTRY, 0xffffd000);
	recipe.modules[0] = (struct bytes){ pages, 4096 };
	free(compose());
	recipe.modules[0].size++;
	/* the kernel's end is the last page: one more byte is too many */
	check_refused("m.txt: module 1, 0x1001 bytes from 0xfffff000 on, would "
		      "end above 0x100000000 (4 GiB): link the kernel lower or "
		      "make the modules smaller");

	put_le64(kernel + EH_ENTRY, ELF_FILE_ENTRY);
	elf_file_load(kernel, 0, 0x1000, 0x10, 0x200000, 0x10);
	elf_file_load(kernel, 1, 0x1010, 0x20, 0x400000, 0x20);
	recipe.modules[0].size = 1;
	recipe.module_count = 7;
	check_refused("kernel.elf: its segments lie in 2 places, with over 1 "
		      "MiB between them; with 7 modules that is more than the "
		      "8 that load: move segments together, or leave modules "
		      "out");

	kernel[EH_CLASS] = 1;
	check_refused("kernel.elf: this is a 32-bit ELF file, a kernel is "
		      "entered in 64-bit mode: compile with -m64, link with "
		      "-m elf_x86_64 (rustc: --target x86_64-unknown-none)");
}

static void test_refused_boot_sectors(void **state)
{
	static const struct {
		unsigned int at;
		uint8_t value;
		const char *words;
	} wrong[] = {
		{ 0, 0xe9,
		  "the boot sector starts with E9 58 90, not with EB xx 90, "
		  "which BIOSes look for: start it with jmp short and nop" },
		{ 2, 0,
		  "the boot sector starts with EB 58 00, not with EB xx 90, "
		  "which BIOSes look for: start it with jmp short and nop" },
		{ 1, 0x57,
		  "the boot sector's first jump spans 0x57 bytes, 0x58 to 0x7f "
		  "are needed: leave room for a BPB before the code" },
		{ 1, 0x80,
		  "the boot sector's first jump spans 0x80 bytes, 0x58 to 0x7f "
		  "are needed: leave room for a BPB before the code" },
		{ 0x03, 1,
		  "the boot sector uses byte 0x3, but BIOSes write a BPB into "
		  "0x03..0x59: move it" },
		{ 0x59, 1,
		  "the boot sector uses byte 0x59, but BIOSes write a BPB into "
		  "0x03..0x59: move it" },
		{ 0x1b7, 1,
		  "the boot sector uses byte 0x1b7, but 0x1b7..0x1fd are for "
		  "sector count, disk signature and partitions: make the code "
		  "shorter" },
		{ 0x1fd, 1,
		  "the boot sector uses byte 0x1fd, but 0x1b7..0x1fd are for "
		  "sector count, disk signature and partitions: make the code "
		  "shorter" },
		{ 0x1ff, 0xab,
		  "the boot sector ends with 55 AB, not with 55 AA: no BIOS "
		  "would start it" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint8_t right = bootsector[wrong[i].at];

		bootsector[wrong[i].at] = wrong[i].value;
		check_refused(wrong[i].words);
		bootsector[wrong[i].at] = right;
	}
	recipe.bootsector.size = 511;
	check_refused("the boot sector has 511 bytes, 512 are needed: pad it "
		      "with 'times 510-($-$$) db 0'");
}

static void test_stage2_sizes(void **state)
{
	static const uint8_t most[STAGE2_BYTES_MAX + 1];
	uint8_t *whole;
	char words[REASON_MAX];

	(void)state;
	recipe.stage2 = (struct bytes){ most, sizeof(most) - 1 };
	whole = compose();
	assert_int_equal(whole[BS_SECTORS], 1 + STAGE2_BYTES_MAX / SECTOR_SIZE);
	free(whole);
	recipe.stage2 = (struct bytes){ most, sizeof(most) };
	snprintf(words, sizeof(words),
		 "stage 2 has %zu bytes, at most %zu are loaded: make it "
		 "shorter",
		 sizeof(most), sizeof(most) - 1);
	check_refused(words);
	recipe.stage2 = (struct bytes){ most, 0 };
	check_refused("stage 2 is empty: build it again");
}

static void test_diag_sizes(void **state)
{
	static const uint8_t most[DISK_CHUNK_MAX * SECTOR_SIZE + 1];
	uint8_t *whole;

	(void)state;
	recipe.diag = (struct bytes){ most, sizeof(most) - 1 };
	whole = compose();
	assert_int_equal(whole[SECTOR_SIZE + HEADER_DIAG_SECTORS],
			 DISK_CHUNK_MAX);
	free(whole);
	recipe.diag = (struct bytes){ most, sizeof(most) };
	check_refused("the diagnostics have 32769 bytes, at most 32768 are "
		      "loaded: make them shorter, or say --no-diag");
	recipe.diag = (struct bytes){ most, DIAG_ENTRY };
	check_refused("the diagnostics have 4 bytes, no code: build them "
		      "again, or say --no-diag");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_size),	  TEST(test_command_line),
		TEST(test_refused_blobs), TEST(test_refused_boot_sectors),
		TEST(test_stage2_sizes),  TEST(test_diag_sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
