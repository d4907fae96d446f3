/*
 * main.c - stage 2 in 64-bit mode: check what was loaded, describe the
 * machine, call the kernel.
 */
#include <stddef.h>

#include "crc32c.h"
#include "memmap.h"
#include "own_ranges.h"

#include "stage2/stage2.h"
#include "x86/cpuid.h"
#include "x86/tsc.h"

_Noreturn void stage2_main(struct boot_info *info,
			   const struct image_header *header);

struct boot_info boot_info;
static struct mem_range clean_map[MEM_CLEAN_MAX];

/* What bootinfo.h promises, and what memory.asm and video.asm count on. */
_Static_assert(sizeof(struct mem_range) == 24, "E820 entries are 24 bytes");
_Static_assert(offsetof(struct boot_info, size) == 12, "size never moves");
_Static_assert(
	offsetof(struct boot_video, text_base) == VIDEO_TEXT_BASE &&
		offsetof(struct boot_video, bios_mode) == VIDEO_BIOS_MODE &&
		offsetof(struct boot_video, columns) == VIDEO_COLUMNS &&
		offsetof(struct boot_video, rows) == VIDEO_ROWS &&
		offsetof(struct boot_video, cursor_column) == VIDEO_CURSOR &&
		offsetof(struct boot_video, cursor_row) == VIDEO_CURSOR + 1 &&
		sizeof(struct boot_video) == VIDEO_SIZE,
	"the offsets above");
_Static_assert(MEM_CLEAN_MAX >= 2 * (MEM_RAW_MAX + OWN_MAX),
	       "a clean map always has room, memmap.h");

/* What the CPU offers beyond what cpu.asm insisted on (SDM 2A, CPUID). */
static uint32_t cpu_flags(void)
{
	uint32_t flags = 0;

	if (cpu_ext_edx & CPUID_EXT1_EDX_NX)
		flags |= CPU_NX;
	if (cpu_ext_edx & CPUID_EXT1_EDX_1G)
		flags |= CPU_PAGES_1G;
	if (cpu_ecx & CPUID_1_ECX_SSE42)
		flags |= CPU_SSE42;
	if (cpuid_read(CPUID_EXT_MAX).eax >= CPUID_EXT_POWER &&
	    cpuid_read(CPUID_EXT_POWER).edx & CPUID_EXT7_EDX_TSC)
		flags |= CPU_INVARIANT_TSC;
	return flags;
}

/* Sets memory to 0, by words: there may be megabytes. */
static void memory_zero(void *at, uint64_t bytes)
{
	uint64_t words = bytes / 8;

	__asm__ volatile("rep stosq\n\t"
			 "mov %2, %%rcx\n\t"
			 "rep stosb"
			 : "+D"(at), "+c"(words)
			 : "r"(bytes % 8), "a"(0)
			 : "memory");
}

/* Zero each blob's tail, then check all bytes against the header (HW-8). This
 * order finds blobs that overlap. */
static void blobs_verify(const struct boot_info *info,
			 const struct image_header *header)
{
	for (uint16_t i = 0; i < header->blob_count; i++) {
		const struct image_blob *blob = &header->blobs[i];

		memory_zero((void *)((uintptr_t)blob->load + blob->bytes),
			    blob->memory - blob->bytes);
	}
	for (uint16_t i = 0; i < header->blob_count; i++) {
		const struct image_blob *blob = &header->blobs[i];
		uint8_t *bytes = (uint8_t *)(uintptr_t)blob->load;
		uint32_t crc;

		if (info->cpu_flags & CPU_SSE42)
			crc = crc32c_sse42(0, bytes, blob->bytes);
		else
			crc = crc32c(0, bytes, blob->bytes);
		if (crc != blob->crc)
			report_error(E_BLOB_CRC,
				     (const uint64_t[]){ i, crc, blob->crc });
	}
}

static struct mem_range own[OWN_MAX];

/* From what the BIOS says to what the kernel may rely on (HW-24). */
static void memory_describe(struct boot_info *info,
			    const struct image_header *header)
{
	struct memmap_source source = { raw_map, raw_count, own,
					own_ranges(header, own) };

	info->raw_map = (uintptr_t)raw_map;
	info->raw_count = raw_count;
	info->clean_map = (uintptr_t)clean_map;
	info->clean_count =
		(uint32_t)memmap_sanitise(&source, clean_map, MEM_CLEAN_MAX);
	info->map_source = map_source;
}

static struct boot_range blob_range(const struct image_blob *blob)
{
	return (struct boot_range){ blob->load, blob->bytes, blob->memory };
}

static void blobs_describe(struct boot_info *info,
			   const struct image_header *header)
{
	info->build_id = header->build_id;
	info->command_line = (uintptr_t)header->cmdline;
	info->kernel = blob_range(&header->blobs[0]);
	info->kernel_entry = header->blobs[0].entry;
	info->kernel_crc = header->blobs[0].crc;
	for (int i = 1; i < header->blob_count; i++)
		if (header->blobs[i].type != BLOB_KERNEL)
			info->modules[info->module_count++] =
				blob_range(&header->blobs[i]);
}

static bool sum_is_0(uint64_t from, int bytes)
{
	const uint8_t *byte = (const uint8_t *)(uintptr_t)from;
	uint8_t sum = 0;

	for (int i = 0; i < bytes; i++)
		sum = (uint8_t)(sum + byte[i]);
	return !sum;
}

/* ACPI, "Root System Description Pointer (RSDP)": on a 16-byte bound, the first
 * 20 bytes sum to 0. */
static uint64_t rsdp_search(uint64_t from, uint64_t to)
{
	do {
		const uint32_t *word = (const uint32_t *)(uintptr_t)from;

		if (word[0] == 0x20445352 && word[1] == 0x20525450 &&
		    sum_is_0(from, 20)) /* "RSD PTR " */
			return from;
	} while ((from += 16) < to);
	return 0;
}

/* A physical address as a pointer; keeps gcc from reasoning about "page 0". */
static const volatile void *physical(uint64_t address)
{
	__asm__("" : "+r"(address));
	return (const volatile void *)address;
}

static uint64_t rsdp_find(void)
{
	const volatile uint16_t *segment = physical(BDA_EBDA_SEGMENT);
	uint64_t ebda = (uint64_t)*segment << 4;
	uint64_t rsdp = 0;

	if (ebda >= LOADER_DATA_END && ebda < VGA_WINDOW_ADDR)
		rsdp = rsdp_search(ebda, ebda + 1024);
	return rsdp ? rsdp : rsdp_search(BIOS_ROM_ADDR, BIOS_ROM_END);
}

static void machine_describe(struct boot_info *info)
{
	const volatile uint32_t *signature =
		physical(BOOT_SECTOR_ADDR + BS_SIGNATURE);

	info->magic = BOOT_INFO_MAGIC;
	info->version = BOOT_INFO_VERSION;
	info->size = sizeof(*info);
	info->disk_signature = *signature;
	info->boot_drive = boot_drive;
	info->bios_drive = bios_drive;
	info->flags = boot_flags;
	if (boot_drive != bios_drive)
		info->flags |= BOOT_DRIVE_GUESSED;
	info->disk_method = disk_method;
	info->disk_retries = disk_retries;
	info->a20_method = a20_method;
	info->rsdp = rsdp_find();
	info->video = video;
	info->gdt = (uintptr_t)gdt;
	info->idt = (uintptr_t)idt64;
	info->page_tables = (uintptr_t)page_tables;
	info->stack_low = (uintptr_t)stack_low;
	info->stack_high = (uintptr_t)stack_high;
	info->ap_page = AP_PAGE_ADDR;
}

/* Not inlined: one copy is smaller than three. */
__attribute__((noinline)) static void milestone(unsigned int step)
{
	time_stamps[step] = tsc_read();
}

_Noreturn void kernel_returned_report(void)
{
	report_error(E_KERNEL_RETURNED,
		     (const uint64_t[]){ boot_info.kernel_entry });
}

_Noreturn void stage2_main(struct boot_info *info,
			   const struct image_header *header)
{
	milestone(TIME_LONG_MODE);
	info->cpu_flags = cpu_flags();
	blobs_verify(info, header);
	milestone(TIME_VERIFIED);
	memory_describe(info, header);
	blobs_describe(info, header);
	machine_describe(info);
	milestone(TIME_KERNEL);
	for (int i = 0; i < TIME_COUNT; i++)
		info->time_stamps[i] = time_stamps[i];
	kernel_enter(info, info->kernel_entry);
}
