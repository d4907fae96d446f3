/*
 * test_image_rules.c - HW-1, HW-2, HW-3, HW-4, HW-5 and HW-6, each obeyed
 * and broken in every way.
 */
#include <string.h>

#include "boot/image.h"
#include "cmocka_test.h"
#include "tools/image/rules.h"
#include "tools/mkimage/partition.h"

#define SECTORS 4096

static uint8_t sector[512];
static uint64_t size;

/* A sector and a size that obey everything. */
static int set_up(void **state)
{
	(void)state;
	memset(sector, 0, sizeof(sector));
	memcpy(sector, "\xeb\x58\x90", 3);
	put_le32(sector + BS_SIGNATURE, 0x12345678);
	put_le16(sector + BS_MAGIC, BS_MAGIC_VALUE);
	partition_write(sector + BS_PARTITIONS, (struct geometry){ 64, 32 },
			0xda, SECTORS);
	size = SECTORS * 512;
	return 0;
}

static void check(int number, enum verdict verdict, const char *words)
{
	struct rule rules[RULES];

	rules_check(sector, size, rules);
	assert_string_equal(rules[number - 1].text, words);
	assert_int_equal(rules[number - 1].verdict, verdict);
}

static uint8_t *entry(unsigned int number)
{
	return sector + BS_PARTITIONS + 16 * (number - 1);
}

/* 1.44 MB floppies and FAT file systems have this. */
static void put_bpb(void)
{
	put_le16(sector + 0x0b, 512);
	sector[0x0d] = 4;
	sector[0x10] = 2;
	sector[0x15] = 0xf8;
}

static void test_all_obeyed(void **state)
{
	(void)state;
	check(1, RULE_OBEYED, "entry 1 is active, inside the image, and alone");
	check(2, RULE_OBEYED,
	      "the tuples say 64 heads, 32 sectors and agree with the LBAs");
	check(3, RULE_OBEYED, "EB 58 90 jumps to 0x5a, 0x03..0x59 are free");
	check(4, RULE_OBEYED, "no BPB: nothing looks like a floppy");
	check(5, RULE_OBEYED, "disk signature 12345678 at 0x1b8");
	check(6, RULE_OBEYED, "2 MiB");
}

static void test_hw_1_active_entries(void **state)
{
	(void)state;
	entry(1)[0] = 0;
	check(1, RULE_BROKEN,
	      "no entry is active: some BIOSes do not list the stick");
	memcpy(entry(3), entry(1), 16);
	entry(1)[0] = entry(3)[0] = 0x80;
	check(1, RULE_BROKEN,
	      "entries 1 and 3 are both active: some BIOSes and loaders refuse "
	      "that");
	entry(3)[0] = 0;
	check(1, RULE_NOTED, "entry 1 alone is active; entry 3 is in use, too");
	entry(3)[0] = 0x81;
	check(1, RULE_BROKEN,
	      "there is no partition table: a BIOS may take the stick for a "
	      "floppy, or not list it");
}

/* What UEFI reads may stand beside it, but not over it. */
static void test_hw_1_uefi(void **state)
{
	(void)state;
	put_le32(entry(1) + 8, 513);
	put_le32(entry(1) + 12, SECTORS - 513);
	entry(2)[4] = 0xef;
	put_le32(entry(2) + 8, 1);
	put_le32(entry(2) + 12, 512);
	check(1, RULE_OBEYED,
	      "entry 1 is active, inside the image; entry 2 is for UEFI, apart "
	      "from it");
	put_le32(entry(2) + 12, 513);
	check(1, RULE_NOTED, "entry 1 alone is active; entry 2 is in use, too");
}

static void test_hw_1_impossible_entries(void **state)
{
	(void)state;
	entry(1)[4] = 0;
	check(1, RULE_BROKEN, "entry 1 is active but of type 0, unused");
	set_up(state);
	put_le32(entry(1) + 8, 0);
	check(1, RULE_BROKEN,
	      "entry 1 starts at LBA 0, where the table itself is");
	set_up(state);
	put_le32(entry(1) + 12, 0);
	check(1, RULE_BROKEN, "entry 1 has no sectors");
	set_up(state);
	put_le32(entry(1) + 12, SECTORS);
	check(1, RULE_BROKEN, "entry 1 ends at LBA 4097, the image at 4096");
	set_up(state);
	put_le32(entry(1) + 8, UINT32_MAX);
	put_le32(entry(1) + 12, UINT32_MAX);
	check(1, RULE_BROKEN,
	      "entry 1 ends at LBA 8589934590, the image at 4096");
	set_up(state);
	sector[BS_MAGIC] = 0;
	check(1, RULE_BROKEN,
	      "there is no partition table: a BIOS may take the stick for a "
	      "floppy, or not list it");
}

static void test_hw_2(void **state)
{
	(void)state;
	entry(1)[7]--; /* a cylinder less: cylinder 0, head 63, sector 32 */
	check(2, RULE_BROKEN,
	      "the last tuple 0/63/32 is wrong by any usual geometry: a BIOS "
	      "that takes its head and sector for the geometry counts 64 "
	      "heads, 32 sectors");
	set_up(state);
	entry(1)[2] = 1; /* cylinder 0, head 0, sector 1 */
	check(2, RULE_BROKEN,
	      "the first tuple 0/0/1 is LBA 0 by 64x32, the partition starts "
	      "at 1");
	set_up(state);
	entry(1)[6] &= 0xc0;
	check(2, RULE_BROKEN, "a tuple names sector 0, sectors count from 1");
	set_up(state);
	entry(1)[2] = 0;
	check(2, RULE_BROKEN, "a tuple names sector 0, sectors count from 1");
	set_up(state);
	/* as sfdisk does: 255x63, the end wherever it falls */
	partition_chs((struct geometry){ 255, 63 }, SECTORS - 1, entry(1) + 5);
	check(2, RULE_BROKEN,
	      "the last tuple 0/65/1 is no cylinder's end, though right by "
	      "255x63: a BIOS that takes its head and sector for the geometry "
	      "counts 66 heads, 1 sectors");
	memset(entry(1), 0, 16);
	check(2, RULE_BROKEN,
	      "no entry tells a geometry: the BIOS makes one up");
}

static void test_hw_2_saturated(void **state)
{
	(void)state;
	memcpy(entry(1) + 5, "\xfe\xff\xff", 3);
	check(2, RULE_BROKEN,
	      "the last tuple says beyond cylinder 1023, but the partition "
	      "ends at LBA 4095");
	partition_write(entry(1), (struct geometry){ 64, 32 }, 0xda,
			2048 * 1025);
	check(2, RULE_OBEYED,
	      "the partition ends beyond cylinder 1023 and says so, FE FF FF");
}

/* The active entry tells; without one, the first. */
static void test_hw_2_which_entry(void **state)
{
	(void)state;
	memcpy(entry(2), entry(1), 16);
	memset(entry(1), 0, 16);
	entry(1)[4] = 0x83;
	check(2, RULE_OBEYED,
	      "the tuples say 64 heads, 32 sectors and agree with the LBAs");
	entry(2)[0] = 0;
	check(2, RULE_BROKEN,
	      "no entry tells a geometry: the BIOS makes one up");
}

static void test_hw_3(void **state)
{
	(void)state;
	sector[1] = 0x57;
	check(3, RULE_BROKEN,
	      "EB 57 90 jumps to 0x59, but a BIOS may write a BPB into "
	      "0x03..0x59");
	put_bpb();
	check(3, RULE_OBEYED, "EB 57 90 jumps over a BPB");
	set_up(state);
	sector[0x30] = 1;
	check(3, RULE_NOTED,
	      "EB 58 90 jumps to 0x5a, but something is in 0x03..0x59");
	memcpy(sector, "\xfa\x33\xc0", 3);
	check(3, RULE_BROKEN,
	      "it starts with FA 33 C0, not EB xx 90: a BIOS that writes a BPB "
	      "writes over what is there");
	memcpy(sector, "\xeb\x80\x90", 3);
	check(3, RULE_BROKEN,
	      "it starts with EB 80 90, not EB xx 90: a BIOS that writes a BPB "
	      "writes over what is there");
}

static void test_hw_4(void **state)
{
	(void)state;
	put_bpb();
	check(4, RULE_NOTED,
	      "a BPB beside the partition table, for a BIOS that insists on "
	      "one");
	memset(entry(1), 0, 16);
	check(4, RULE_BROKEN,
	      "a BPB and no partition table: a BIOS may take the stick for a "
	      "floppy, or hide it");
}

static void test_hw_5(void **state)
{
	(void)state;
	put_le32(sector + BS_SIGNATURE, 0);
	check(5, RULE_NOTED,
	      "no disk signature: Windows will write one at 0x1b8");
	put_le16(sector + BS_SIGNATURE + 4, 0x5a5a);
	check(5, RULE_NOTED,
	      "no disk signature: Windows will write one at 0x1b8");
	put_le16(sector + BS_SIGNATURE + 4, 1);
	check(5, RULE_BROKEN,
	      "code or text seems to go on across 0x1b8..0x1bd, where Windows "
	      "writes");
	set_up(state);
	memset(entry(2), 'x', 16);
	check(5, RULE_BROKEN,
	      "code or text seems to go on across 0x1b8..0x1bd, where Windows "
	      "writes");
}

static void test_hw_6(void **state)
{
	(void)state;
	size += 512;
	check(6, RULE_BROKEN, "2097664 bytes are no whole number of MiB");
	size = 0;
	check(6, RULE_BROKEN, "0 bytes are no whole number of MiB");
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_all_obeyed),
		TEST(test_hw_1_active_entries),
		TEST(test_hw_1_uefi),
		TEST(test_hw_1_impossible_entries),
		TEST(test_hw_2),
		TEST(test_hw_2_saturated),
		TEST(test_hw_2_which_entry),
		TEST(test_hw_3),
		TEST(test_hw_4),
		TEST(test_hw_5),
		TEST(test_hw_6),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
