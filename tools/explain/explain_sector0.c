/*
 * explain_sector0.c - LBA 0 of any make: BIOS parameter block, boot code,
 * partition table.
 */
#include <inttypes.h>

#include "boot/image.h"
#include "formats.h"
#include "tools/image/fat.h"
#include "tools/image/mbr.h"

/* Where GRUB's boot.img keeps the LBA of core.img, on a disk and in the
 * hybrid image of grub-mkrescue; its first sector ends in a block list
 * (GRUB: boot/i386/pc/boot.S, diskboot.S). */
#define GRUB_CORE 0x5c
#define GRUB_CORE_HYBRID 0x1b0
#define GRUB_LIST_START 0x1f4 /* u64: LBA of the rest */
#define GRUB_LIST_SECTORS 0x1fc /* u16 */

const char *explain_boot_code(const uint8_t *sector)
{
	const char *code = mbr_boot_code(sector);

	return code ? code : "of unknown make";
}

void explain_bpb_fields(struct report *report, const uint8_t *sector)
{
	char oem[9];

	get_text(oem, sector + BPB_OEM, 8);
	report_field(report, BPB_OEM, 8, "BPB: made by '%s'", oem);
	report_field(report, BPB_SECTOR_BYTES, 2, "  sectors of %u bytes",
		     get_le16(sector + BPB_SECTOR_BYTES));
	report_field(report, BPB_CLUSTER_SECTORS, 1, "  clusters of %u sectors",
		     sector[BPB_CLUSTER_SECTORS]);
	report_field(report, BPB_RESERVED, 2, "  %u reserved sectors",
		     get_le16(sector + BPB_RESERVED));
	report_field(report, BPB_FATS, 1, "  %u FATs", sector[BPB_FATS]);
	report_field(report, BPB_ROOT_ENTRIES, 2, "  %u root entries",
		     get_le16(sector + BPB_ROOT_ENTRIES));
	report_field(report, BPB_SECTORS_16, 2, "  %u sectors (0: see below)",
		     get_le16(sector + BPB_SECTORS_16));
	report_field(report, BPB_MEDIA, 1, "  media %02X, %s",
		     sector[BPB_MEDIA],
		     sector[BPB_MEDIA] == 0xf8 ? "hard disk" : "floppy");
	report_field(report, BPB_FAT_SECTORS_16, 2,
		     "  FATs of %u sectors (0: see below)",
		     get_le16(sector + BPB_FAT_SECTORS_16));
	report_field(report, BPB_TRACK, 2, "  %u sectors per track",
		     get_le16(sector + BPB_TRACK));
	report_field(report, BPB_HEADS, 2, "  %u heads",
		     get_le16(sector + BPB_HEADS));
	report_field(report, BPB_HIDDEN, 4, "  %" PRIu32 " sectors before it",
		     get_le32(sector + BPB_HIDDEN));
	report_field(report, BPB_SECTORS_32, 4, "  %" PRIu32 " sectors",
		     get_le32(sector + BPB_SECTORS_32));
	report_field(report, BPB_REST, fat_code_start(sector) - BPB_REST,
		     "  the rest: drive, serial number, label");
}

static void entry_field(struct report *report, const uint8_t *sector,
			unsigned int index)
{
	struct mbr_entry entry = mbr_entry(sector, index);
	uint64_t at = BS_PARTITIONS + index * MBR_ENTRY_SIZE;

	if (mbr_entry_unused(sector, index)) {
		report_field(report, at, MBR_ENTRY_SIZE, "entry %u: unused",
			     index + 1);
		return;
	}
	report_field(report, at, 1, "entry %u: status %02X, %s", index + 1,
		     entry.status,
		     entry.status == MBR_ACTIVE ? "active" :
		     entry.status	  ? "impossible" :
						  "not active");
	report_field(report, at + 1, 3,
		     "  first sector: cylinder %u, head %u, sector %u",
		     entry.first.cylinder, entry.first.head,
		     entry.first.sector);
	report_field(report, at + 4, 1, "  type %02X: %s", entry.type,
		     mbr_type_name(entry.type));
	report_field(report, at + 5, 3,
		     "  last sector: cylinder %u, head %u, sector %u%s",
		     entry.last.cylinder, entry.last.head, entry.last.sector,
		     mbr_saturated(entry.last) ? " (or beyond)" : "");
	report_field(report, at + 8, 4, "  from LBA %" PRIu64, entry.start);
	report_field(report, at + 12, 4, "  %" PRIu64 " sectors",
		     entry.end - entry.start);
}

static void magic_field(struct report *report, const uint8_t *sector)
{
	report_field(report, BS_MAGIC, 2, "%s",
		     get_le16(sector + BS_MAGIC) == BS_MAGIC_VALUE ?
			     "55 AA: this is a boot sector" :
			     "not 55 AA: no BIOS starts this");
}

void explain_table_fields(struct report *report, const uint8_t *sector)
{
	report_field(report, BS_SIGNATURE, 4, "disk signature %08" PRIX32,
		     get_le32(sector + BS_SIGNATURE));
	report_field(report, BS_SIGNATURE + 4, 2, "not used");
	for (unsigned int i = 0; i < MBR_ENTRIES; i++)
		entry_field(report, sector, i);
	magic_field(report, sector);
}

/* GRUB's first sector names the second, which lists the rest. */
static void explain_grub(struct report *report, const uint8_t *sector)
{
	uint8_t first[SECTOR_SIZE];
	uint64_t core = get_le64(sector + GRUB_CORE), rest, sectors;

	if (!core || core > report->disk->size / SECTOR_SIZE)
		core = get_le64(sector + GRUB_CORE_HYBRID);
	if (!core || core > report->disk->size / SECTOR_SIZE ||
	    disk_read(report->disk, core * SECTOR_SIZE, first, sizeof(first)))
		return;
	rest = get_le64(first + GRUB_LIST_START);
	sectors = get_le16(first + GRUB_LIST_SECTORS);
	if (rest != core + 1) /* scattered, or not a block list */
		sectors = 0;
	report_region(report, core * SECTOR_SIZE,
		      (core + 1 + sectors) * SECTOR_SIZE,
		      "GRUB's core.img, from LBA %" PRIu64, core);
}

/* [start, end) of LBA 0 is for code. */
static void code_field(struct report *report, const uint8_t *sector,
		       unsigned int start, unsigned int end)
{
	unsigned int used = end;

	while (used > start && !sector[used - 1])
		used--;
	if (used == start)
		report_field(report, start, end - start,
			     "boot code: none, nothing would start");
	else
		report_field(report, start, used - start,
			     "boot code and data: %s",
			     explain_boot_code(sector));
}

static void sector0_details(struct report *report, const struct region *region)
{
	uint8_t sector[SECTOR_SIZE];
	unsigned int start = 0;

	(void)region;
	disk_read(report->disk, 0, sector, sizeof(sector));
	if (fat_has_bpb(sector)) {
		report_field(report, 0, BS_FREE, "jump over the BPB");
		explain_bpb_fields(report, sector);
		start = fat_code_start(sector);
	}
	if (mbr_has_table(sector)) {
		code_field(report, sector, start, BS_SIGNATURE);
		explain_table_fields(report, sector);
		return;
	}
	code_field(report, sector, start, BS_MAGIC);
	magic_field(report, sector);
}

void explain_sector0(struct report *report)
{
	uint8_t sector[SECTOR_SIZE];
	struct region *region;

	if (disk_read(report->disk, 0, sector, sizeof(sector)))
		return;
	region = report_region(report, 0, SECTOR_SIZE, "boot sector, LBA 0");
	region->details = sector0_details;
	if (mbr_contains(sector, "GRUB "))
		explain_grub(report, sector);
}

void explain_partitions(struct report *report)
{
	uint8_t sector[SECTOR_SIZE];

	if (disk_read(report->disk, 0, sector, sizeof(sector)) ||
	    !mbr_has_table(sector))
		return;
	for (unsigned int i = 0; i < MBR_ENTRIES; i++) {
		struct mbr_entry entry = mbr_entry(sector, i);

		if (entry.type && entry.type != MBR_GPT_TYPE)
			report_region(report, entry.start * SECTOR_SIZE,
				      entry.end * SECTOR_SIZE,
				      "partition %u: type %02X, %s", i + 1,
				      entry.type, mbr_type_name(entry.type));
	}
}
