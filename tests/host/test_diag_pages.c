/*
 * test_diag_pages.c - the diagnostics' pages on a screen that is an array.
 *
 * Whatever the facts are, the text stays inside 80x25 and in its columns, and
 * the serial line says the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "diag/console.h"
#include "diag/page.h"
#include "diag/show.h"
#include "random.h"

#define SENT_MAX 65536

static char screen[CONSOLE_ROWS][CONSOLE_COLUMNS + 1];
static char sent[SENT_MAX]; /* all of it */
static char shown[SENT_MAX]; /* every page's screen, as it was at its key */
static unsigned int pages;
static struct facts facts;

void console_fill(unsigned int row, unsigned int rows, unsigned int from,
		  uint8_t look)
{
	(void)look;
	for (unsigned int i = row; i < row + rows; i++) {
		assert_true(i < CONSOLE_ROWS);
		memset(screen[i] + from, ' ', CONSOLE_COLUMNS - from);
	}
}

/* The last cell of the last row would scroll the screen. */
void console_show(unsigned int row, unsigned int column, const char *text)
{
	assert_true(row < CONSOLE_ROWS);
	assert_true(column + strlen(text) < CONSOLE_COLUMNS);
	memcpy(screen[row] + column, text, strlen(text));
}

void console_send(const char *text)
{
	assert_true(strlen(sent) + strlen(text) < SENT_MAX);
	strcat(sent, text);
}

char console_key(void)
{
	pages++;
	for (unsigned int i = 0; i < CONSOLE_ROWS; i++) {
		strcat(shown, screen[i]);
		strcat(shown, "\n");
	}
	return ' ';
}

static int set_up(void **state)
{
	(void)state;
	memset(&facts, 0, sizeof(facts));
	sent[0] = shown[0] = '\0';
	pages = 0;
	return 0;
}

static void check_says(const char *words)
{
	if (!strstr(sent, words))
		fail_msg("'%s' is not in:\n%s", words, sent);
	if (!strstr(shown, words))
		fail_msg("'%s' is not on:\n%s", words, shown);
}

static void test_nothing_is_there(void **state)
{
	(void)state;
	facts.drive.edd_status = facts.drive.parameters_status = 1;
	facts.drive.geometry_status = facts.drive.chs_read_status = 0x80;
	facts.drive.edd_read_status = 0xAA;
	facts.machine.kbc_status = 0xFF;
	facts.a20.status_answer = facts.a20.support_answer = 0xFF;
	facts.a20.port_92 = 0xFF;
	show_pages(&facts);
	assert_int_equal(pages, 9);
	check_says("EDD            not there (AH=41h: status 01h, no such "
		   "function)");
	check_says("Geometry       not told (AH=08h: status 80h, time-out, not "
		   "ready)");
	check_says("LBA 0 by EDD   status AAh, drive not ready");
	check_says("EBDA           none");
	check_says("Loader         needs memory to 38000h, it ends at 00000h");
	check_says("INT 15h E820h  not there");
	check_says("Memory map     none: the BIOS lists no memory");
	check_says("A20            closed, and nothing opens it");
	check_says("Port 92h       FFh: not there");
	check_says("CPUID          none: a 486 or a CPU of its time, a 64-bit "
		   "CPU is needed");
	check_says("Video BIOS     none: use the serial line");
	check_says("System         no name in reach");
	check_says("Keyboard       port 64h: FFh, no controller");
	check_says("COM1           not there");
}

static void test_a_printer_port_as_ebda(void **state)
{
	(void)state;
	facts.memory.low_k = 639;
	facts.memory.low_end = 639 << 10;
	facts.memory.ebda_segment = 0x3BC;
	show_low_memory(&facts.memory, &facts.a20);
	check_says("EBDA           none: segment 03BCh is too low for one");
	check_says("Loader         needs memory to 38000h, 415 KiB are left");
}

static void test_a_386(void **state)
{
	(void)state;
	facts.cpu.is_386 = true;
	show_cpu(&facts.cpu);
	check_says("CPUID          none: a 386, a 64-bit CPU is needed");
}

static void test_a_cpu_that_lacks(void **state)
{
	(void)state;
	facts.cpu.has_cpuid = true;
	facts.cpu.edx = ~(uint32_t)CPUID_1_EDX_SSE2;
	facts.cpu.signature = 0x00A20F12;
	show_cpu(&facts.cpu);
	check_says("Signature      00A20F12: family 25, model 33, stepping 2");
	check_says("Needed         FPU TSC MSR PAE CX8 CMOV MMX FXSR SSE");
	check_says("Missing        SSE2 long-mode");
	check_says("64-bit kernel  this CPU can't run one");
	facts.cpu.ext_edx = CPUID_EXT1_EDX_LM | CPUID_EXT1_EDX_NX;
	facts.cpu.edx = UINT32_MAX;
	facts.cpu.invariant_tsc = true;
	show_cpu(&facts.cpu);
	check_says("Missing        nothing");
	check_says("64-bit kernel  will run");
	check_says("No-execute     yes");
	check_says("1 GiB pages    no");
	check_says("Steady TSC     yes");
}

static void test_drive(void **state)
{
	struct edd_parameters *edd = &facts.drive.parameters;

	(void)state;
	facts.drive = (struct drive_facts){ .drive = 0x80, .bios_drive = 0xFF };
	facts.drive.edd_version = 0x30;
	facts.drive.edd_support = 5;
	edd->sector_bytes = 4096;
	edd->sectors_low = 62533296;
	edd->path_key = EDD_PATH_KEY;
	memcpy(edd->bus, "PCI ", 4);
	memcpy(edd->interface, "USB     ", 8);
	edd->bus_path[1] = 0x14;
	show_drive(&facts.drive);
	check_says("Drive          80h tried, because the BIOS gave DL = FFh");
	check_says("EDD            version 3.0 (30h), support 5h: packets, "
		   "parameters");
	check_says("Sector size    4096 bytes, yet the loader came in 512");
	check_says("Sectors        62533296 (30533 MiB)");
	check_says("Bus            PCI, bus 00h slot 14h function 0, device 0");
	check_says("Interface      USB");
	edd->sectors_high = 2;
	edd->path_key = 0;
	show_drive(&facts.drive);
	check_says("Sectors        203BA2EB0h");
	check_says("Bus            not told");
}

static void test_sector_0(void **state)
{
	(void)state;
	memcpy(facts.drive.memory, "\xEB\x58\x90", 3);
	memcpy(facts.drive.disk, "\xEB\x58\x90", 3);
	facts.drive.disk[BS_PARTITIONS] = 0x80;
	facts.drive.disk[BS_PARTITIONS + 4] = 0xDA;
	facts.drive.disk[BS_PARTITIONS + 8] = 1;
	show_sector_0(&facts.drive);
	check_says("03h to 59h     as on disk: the BIOS wrote nothing");
	check_says("In memory      no BPB");
	check_says("Partition 1    active, type DAh, from LBA 1, 0 sectors");
	assert_null(strstr(sent, "changed\n"));

	memcpy(facts.drive.memory + 0x0B, "\x00\x02", 2);
	facts.drive.memory[0x1A] = 255;
	facts.drive.memory[0x18] = 63;
	show_sector_0(&facts.drive);
	check_says("<- changed");
	check_says("03h to 59h     changed: the BIOS writes a BPB there");
	check_says("In memory      a BPB: 512 bytes a sector, 255 heads, 63 "
		   "sectors, drive 00h");
	/* What only our own code changes does not count. */
	facts.drive.memory[0x0C] = facts.drive.memory[0x1A] = 0;
	facts.drive.memory[0x18] = 0;
	facts.drive.memory[BS_CODE] = 1;
	assert_false(bpb_changed(&facts.drive));
}

static void test_long_maps_take_more_pages(void **state)
{
	(void)state;
	facts.memory.source = MAP_E820;
	facts.memory.truncated = true;
	facts.memory.raw_count = MEM_RAW_MAX;
	for (unsigned int i = 0; i < MEM_RAW_MAX; i++)
		facts.memory.raw[i] =
			(struct mem_range){ (uint64_t)i << 33, 12345, i % 8,
					    i % 2 ? MEM_ATTR_PRESENT : 0 };
	show_raw_map(&facts.memory);
	assert_int_equal(pages, 7);
	check_says("Firstlight diagnostics ");
	check_says(": memory as the BIOS lists it, more");
	check_says("  2  0000000400000000  0000000400003038     12 KiB    "
		   "reserved, to be ignored");
	check_says("127  000000FE00000000  000000FE00003038     12 KiB    "
		   "unknown");
	check_says("Not shown      the rest: stage 2 ignores it, too");
}

static void test_largest_ranges(void **state)
{
	(void)state;
	facts.memory.clean_count = 5;
	facts.memory.clean[0] =
		(struct mem_range){ 0, UINT64_MAX, MEM_USABLE, 0 };
	facts.memory.clean[1] =
		(struct mem_range){ UINT64_MAX, 0, MEM_AP_PAGE, 0 };
	/* Up to the last byte, and one more. */
	facts.memory.clean[2] =
		(struct mem_range){ 0x100000, -0x100000ULL, MEM_BAD, 0 };
	facts.memory.clean[3] =
		(struct mem_range){ 0x100000, -0xFFFFFULL, MEM_NVS, 0 };
	facts.memory.clean[4] =
		(struct mem_range){ 0, 1ULL << 43, MEM_RESERVED, 0 };
	show_clean_map(&facts.memory);
	check_says("  0  0000000000000000  FFFFFFFFFFFFFFFE  16383 PiB");
	check_says("  2  0000000000100000  FFFFFFFFFFFFFFFF  16383 PiB    "
		   "bad");
	check_says("  3  0000000000100000  FFFFFFFFFFFFFFFF  16383 PiB    "
		   "ACPI NVS");
	check_says("Usable         16383 PiB");
	check_says("  4  0000000000000000  000007FFFFFFFFFF      8 TiB");
	check_says("  1  FFFFFFFFFFFFFFFF  FFFFFFFFFFFFFFFF      0 bytes  AP "
		   "start page");
}

/* No facts make a page that does not fit. */
static void test_any_facts(void **state)
{
	struct random random = { 5 };

	(void)state;
	for (int i = 0; i < 200; i++) {
		uint8_t *bytes = (uint8_t *)&facts;

		set_up(NULL);
		for (size_t at = 0; at < sizeof(facts); at++)
			bytes[at] = (uint8_t)random_next(&random);
		facts.serial = facts.debugcon = i & 1;
		facts.a20.was_open = facts.cpu.has_cpuid = i & 2;
		facts.cpu.is_386 = facts.cpu.invariant_tsc = i & 4;
		facts.screen.color_text = facts.screen.mono_text = i & 8;
		facts.memory.e801.told = facts.memory.old_88.told = i & 16;
		facts.memory.truncated = i & 32;
		facts.a20.method %= A20_KEYBOARD + 1;
		facts.memory.raw_count = 3;
		facts.memory.clean_count = 3;
		memset(facts.cpu.brand, 'w', CPUID_BRAND_SIZE - 1);
		facts.cpu.brand[CPUID_BRAND_SIZE - 1] = '\0';
		facts.cpu.vendor[12] = facts.cpu.hypervisor[12] = '\0';
		facts.machine.bios_date[8] = '\0';
		facts.machine.bios_vendor[NAME_SIZE - 1] = '\0';
		facts.machine.bios_version[NAME_SIZE - 1] = '\0';
		facts.machine.system_vendor[NAME_SIZE - 1] = '\0';
		facts.machine.system_name[NAME_SIZE - 1] = '\0';
		show_pages(&facts);
		assert_int_equal(pages, 9);
		check_says("FL2-");
	}
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing_is_there),
		TEST(test_a_printer_port_as_ebda),
		TEST(test_a_386),
		TEST(test_a_cpu_that_lacks),
		TEST(test_drive),
		TEST(test_sector_0),
		TEST(test_long_maps_take_more_pages),
		TEST(test_largest_ranges),
		TEST(test_any_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
