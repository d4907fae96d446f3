/*
 * explain_own.c - an image that mkimage made.
 */
#include <inttypes.h>

#include "boot/image.h"
#include "formats.h"
#include "tools/image/fat.h"
#include "tools/image/mbr.h"
#include "tools/image/own.h"

static void note_wrong(void *context, const char *words)
{
	report_wrong(context, "%s", words);
}

static void bootsector_details(struct report *report,
			       const struct region *region)
{
	uint8_t sector[SECTOR_SIZE];
	unsigned int end = BS_SECTORS;

	(void)region;
	disk_read(report->disk, 0, sector, sizeof(sector));
	while (end > BS_CODE && !sector[end - 1])
		end--;
	report_field(report, 0, BS_FREE, "jump to the code at 0x%02x",
		     2u + sector[1]);
	if (fat_has_bpb(sector))
		explain_bpb_fields(report, sector);
	else
		report_field(report, BS_FREE, BS_CODE - BS_FREE,
			     "free for a BIOS that writes a BPB");
	report_field(report, BS_CODE, end - BS_CODE, "code");
	if (end < BS_SECTORS)
		report_field(report, end, BS_SECTORS - end,
			     "variables that start as 0, and free room");
	report_field(report, BS_SECTORS, 1, "sectors to load: %u",
		     sector[BS_SECTORS]);
	explain_table_fields(report, sector);
	own_check_bootsector(report->disk, note_wrong, report);
}

static void blob_fields(struct report *report, const uint8_t *header,
			unsigned int index)
{
	const uint8_t *entry = header + HEADER_BLOBS + index * BLOB_SIZE;
	uint64_t at = HEADER_LBA * SECTOR_SIZE + HEADER_BLOBS +
		      (uint64_t)index * BLOB_SIZE;
	uint32_t type = get_le32(entry + BLOB_TYPE);

	report_field(report, at + BLOB_TYPE, 4, "blob %u: type %" PRIu32 ", %s",
		     index, type,
		     type == BLOB_KERNEL ? "kernel" :
		     type == BLOB_MODULE ? "module" :
					   "unknown");
	report_field(report, at + BLOB_LBA, 4, "  on disk from LBA %" PRIu32,
		     get_le32(entry + BLOB_LBA));
	report_field(report, at + BLOB_BYTES, 4, "  %" PRIu32 " bytes there",
		     get_le32(entry + BLOB_BYTES));
	report_field(report, at + BLOB_MEMORY, 4,
		     "  %" PRIu32 " bytes in memory, zeros behind (bss)",
		     get_le32(entry + BLOB_MEMORY));
	report_field(report, at + BLOB_LOAD, 4, "  loads at 0x%" PRIx32,
		     get_le32(entry + BLOB_LOAD));
	report_field(report, at + BLOB_ENTRY, 4, "  entry 0x%" PRIx32,
		     get_le32(entry + BLOB_ENTRY));
	report_field(report, at + BLOB_CRC, 4, "  CRC-32C %08" PRIX32,
		     get_le32(entry + BLOB_CRC));
}

static void cmdline_fields(struct report *report, const uint8_t *header)
{
	char text[CMDLINE_MAX + 2];
	uint64_t at = HEADER_LBA * SECTOR_SIZE + HEADER_CMDLINE;
	unsigned int length = 0;

	while (length < CMDLINE_MAX && header[HEADER_CMDLINE + length])
		length++;
	get_text(text, header + HEADER_CMDLINE, CMDLINE_MAX + 1);
	report_field(report, at, length + 1, "command line '%s'", text);
	if (length < CMDLINE_MAX)
		report_field(report, at + length + 1, CMDLINE_MAX - length,
			     "free for a longer one");
}

static void header_details(struct report *report, const struct region *region)
{
	uint8_t header[HEADER_SIZE];
	uint64_t at = region->start;
	unsigned int count;

	disk_read(report->disk, at, header, sizeof(header));
	report_field(report, at + HEADER_MAGIC, 4, "magic 'FLIT'");
	report_field(report, at + HEADER_VERSION, 2, "version %u",
		     get_le16(header + HEADER_VERSION));
	report_field(report, at + HEADER_BLOB_COUNT, 2, "blobs: %u",
		     get_le16(header + HEADER_BLOB_COUNT));
	report_field(report, at + HEADER_CRC, 4, "CRC-32C %08" PRIX32,
		     get_le32(header + HEADER_CRC));
	report_field(report, at + HEADER_SUM, 4,
		     "makes header and stage 2 sum to 0");
	report_field(report, at + HEADER_BUILD_ID, 8, "build %016" PRIx64,
		     get_le64(header + HEADER_BUILD_ID));
	report_field(report, at + HEADER_IMAGE_SECTORS, 4,
		     "image: %" PRIu32 " sectors",
		     get_le32(header + HEADER_IMAGE_SECTORS));
	report_field(report, at + HEADER_STAGE2_SECTORS, 2,
		     "stage 2: %u sectors",
		     get_le16(header + HEADER_STAGE2_SECTORS));
	report_field(report, at + HEADER_DIAG_SECTORS, 1,
		     "diagnostics: %u sectors", header[HEADER_DIAG_SECTORS]);
	report_field(report, at + HEADER_FLAGS, 1, "flags: %s",
		     header[HEADER_FLAGS] & HEADER_FLAG_DIAG ?
			     "start the diagnostics" :
			     "none");
	count = own_blob_count(header);
	for (unsigned int i = 0; i < count; i++)
		blob_fields(report, header, i);
	if (count < BLOBS_MAX)
		report_field(report, at + HEADER_BLOBS + count * BLOB_SIZE,
			     (BLOBS_MAX - count) * BLOB_SIZE,
			     "free for %u blobs", BLOBS_MAX - count);
	cmdline_fields(report, header);
	own_check_header(report->disk, note_wrong, report);
}

/* `region->argument` is the blob's index. */
static void blob_details(struct report *report, const struct region *region)
{
	uint8_t header[HEADER_SIZE];
	const uint8_t *entry =
		header + HEADER_BLOBS + region->argument * BLOB_SIZE;
	uint32_t bytes;

	disk_read(report->disk, HEADER_LBA * SECTOR_SIZE, header,
		  sizeof(header));
	bytes = get_le32(entry + BLOB_BYTES);
	report_field(report, region->start, bytes, "contents");
	if (bytes % SECTOR_SIZE)
		report_field(report, region->start + bytes,
			     SECTOR_SIZE - bytes % SECTOR_SIZE,
			     "zeros to the end of the sector");
	own_check_blob(report->disk, region->argument, note_wrong, report);
}

static void add_blobs(struct report *report, const uint8_t *header)
{
	unsigned int modules = 0;

	for (unsigned int i = 0; i < own_blob_count(header); i++) {
		const uint8_t *entry = header + HEADER_BLOBS + i * BLOB_SIZE;
		uint64_t start =
			(uint64_t)get_le32(entry + BLOB_LBA) * SECTOR_SIZE;
		uint64_t size =
			round_up(get_le32(entry + BLOB_BYTES), SECTOR_SIZE);
		struct region *region;

		if (get_le32(entry + BLOB_TYPE) != BLOB_KERNEL)
			region = report_region(report, start, start + size,
					       "module %u (blob %u)", ++modules,
					       i);
		else if (i)
			region = report_region(report, start, start + size,
					       "kernel, part %u (blob %u)",
					       i + 1, i);
		else
			region = report_region(report, start, start + size,
					       "kernel (blob 0)");
		region->source = modules ?
					 "tools/mkimage/image.c from --module" :
					 "tools/mkimage/elf.c from --kernel";
		region->details = blob_details;
		region->argument = i;
	}
}

/* What lies behind the last blob. */
static void add_rest(struct report *report, const uint8_t *header)
{
	uint64_t size =
		(uint64_t)get_le32(header + HEADER_IMAGE_SECTORS) * SECTOR_SIZE;
	uint64_t last = 0;
	struct region *region;

	for (unsigned int i = 0; i < report->count; i++)
		if (report->regions[i].end > last)
			last = report->regions[i].end;
	region = report_region(report, last, size, "padding to whole MiB");
	region->source = "tools/mkimage/image.c";
	report_region(report, size, report->disk->size,
		      "the medium behind the image");
}

static void diag_details(struct report *report, const struct region *region)
{
	report_field(report, region->start + DIAG_SUM, DIAG_ENTRY,
		     "makes all words sum to %08" PRIX32,
		     (uint32_t)DIAG_SUM_VALUE);
	report_field(report, region->start + DIAG_ENTRY,
		     region->end - region->start - DIAG_ENTRY, "code");
	own_check_diag(report->disk, note_wrong, report);
}

static void add_loader(struct report *report, const uint8_t *header)
{
	uint64_t stage2 = STAGE2_LBA * SECTOR_SIZE;
	uint64_t diag =
		stage2 + (uint64_t)get_le16(header + HEADER_STAGE2_SECTORS) *
				 SECTOR_SIZE;
	uint64_t blobs =
		diag + (uint64_t)header[HEADER_DIAG_SECTORS] * SECTOR_SIZE;
	struct region *region;

	region = report_region(report, 0, SECTOR_SIZE, "boot sector, LBA 0");
	region->source =
		"bootsector/bootsector.asm, patched by tools/mkimage/image.c";
	region->details = bootsector_details;
	region = report_region(report, HEADER_LBA * SECTOR_SIZE, stage2,
			       "header, LBA %d", HEADER_LBA);
	region->source = "tools/mkimage/image.c, fields: lib/boot/image.h";
	region->details = header_details;
	region = report_region(report, stage2, diag, "stage 2, from LBA %d",
			       STAGE2_LBA);
	region->source = "stage2/ and lib/, laid out by link/stage2.ld";
	region = report_region(report, diag, blobs, "diagnostics");
	region->source = "diag/, laid out by link/diag.ld";
	region->details = diag_details;
}

/* The volume with the page for UEFI: the second partition, if it is one. */
static void add_uefi(struct report *report)
{
	uint8_t sector[SECTOR_SIZE];
	struct mbr_entry entry;
	struct region *region;

	disk_read(report->disk, 0, sector, sizeof(sector));
	entry = mbr_entry(sector, 1);
	if (entry.type != MBR_UEFI_TYPE)
		return;
	region = report_region(report, entry.start * SECTOR_SIZE,
			       entry.end * SECTOR_SIZE,
			       "FAT volume for UEFI, with a page for it");
	region->source = "uefi/volume.asm, uefi/page.asm";
}

int explain_own(struct report *report, char title[TITLE_MAX])
{
	uint8_t header[HEADER_SIZE];

	if (disk_read(report->disk, HEADER_LBA * SECTOR_SIZE, header,
		      sizeof(header)) ||
	    get_le32(header + HEADER_MAGIC) != HEADER_MAGIC_VALUE)
		return 0;
	snprintf(title, TITLE_MAX, "A Firstlight image, build %016" PRIx64,
		 get_le64(header + HEADER_BUILD_ID));
	add_loader(report, header);
	add_uefi(report);
	add_blobs(report, header);
	add_rest(report, header);
	return 1;
}
