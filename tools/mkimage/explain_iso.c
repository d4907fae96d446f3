/*
 * explain_iso.c - ISO 9660 (ECMA-119), El Torito, hybrid with a disk.
 */
#include <inttypes.h>
#include <string.h>

#include "boot/image.h"
#include "explain_formats.h"

#define ISO_SECTOR 2048
#define ISO_DESCRIPTORS 16 /* their first sector */
#define ISO_DESCRIPTORS_MAX 32
#define ISO_BOOT 0
#define ISO_PRIMARY 1
#define ISO_END 255
#define ISO_VOLUME_ID 40
#define ISO_VOLUME_ID_SIZE 32
#define ISO_BLOCKS 80
#define EL_TORITO_CATALOG 0x47 /* u32: its sector */
#define CATALOG_DEFAULT 32 /* the default entry */

/* Reads descriptor `index`. Returns 0 if there is none. */
static int read_descriptor(const struct report *report, unsigned int index,
			   uint8_t descriptor[ISO_SECTOR])
{
	uint64_t at = (uint64_t)(ISO_DESCRIPTORS + index) * ISO_SECTOR;

	return !disk_read(report->disk, at, descriptor, ISO_SECTOR) &&
	       !memcmp(descriptor + 1, "CD001", 5);
}

static void primary_details(struct report *report, const struct region *region)
{
	uint8_t descriptor[ISO_SECTOR];
	char name[ISO_VOLUME_ID_SIZE + 1];

	disk_read(report->disk, region->start, descriptor, ISO_SECTOR);
	report_text(name, descriptor + ISO_VOLUME_ID, ISO_VOLUME_ID_SIZE);
	report_field(report, region->start, 7,
		     "type 1, magic 'CD001', version 1");
	report_field(report, region->start + ISO_VOLUME_ID, ISO_VOLUME_ID_SIZE,
		     "volume '%s'", name);
	report_field(report, region->start + ISO_BLOCKS, 8,
		     "%" PRIu32 " blocks of 2048 bytes",
		     get_le32(descriptor + ISO_BLOCKS));
}

static void boot_details(struct report *report, const struct region *region)
{
	uint8_t descriptor[ISO_SECTOR];
	char name[33];

	disk_read(report->disk, region->start, descriptor, ISO_SECTOR);
	report_text(name, descriptor + 7, 32);
	report_field(report, region->start + 7, 32, "boot system '%s'", name);
	report_field(report, region->start + EL_TORITO_CATALOG, 4,
		     "boot catalog at sector %" PRIu32,
		     get_le32(descriptor + EL_TORITO_CATALOG));
}

static void catalog_details(struct report *report, const struct region *region)
{
	static const char *const media[] = {
		"no emulation",	       "a floppy of 1.2 MB",
		"a floppy of 1.44 MB", "a floppy of 2.88 MB",
		"a hard disk",
	};
	uint8_t entry[32];
	uint64_t at = region->start + CATALOG_DEFAULT;
	unsigned int kind;

	disk_read(report->disk, at, entry, sizeof(entry));
	kind = entry[1] & 15;
	report_field(report, at, 1, "%s",
		     entry[0] == 0x88 ? "bootable" : "not bootable");
	report_field(report, at + 1, 1, "as %s",
		     kind < 5 ? media[kind] : "something unknown");
	report_field(report, at + 6, 2, "loads %u sectors of 512 bytes",
		     get_le16(entry + 6));
	report_field(report, at + 8, 4, "from block %" PRIu32,
		     get_le32(entry + 8));
}

static void add_descriptor(struct report *report, unsigned int index,
			   const uint8_t *descriptor)
{
	uint64_t start = (uint64_t)(ISO_DESCRIPTORS + index) * ISO_SECTOR;
	uint64_t catalog;
	struct region *region;

	switch (descriptor[0]) {
	case ISO_PRIMARY:
		region = report_region(report, start, start + ISO_SECTOR,
				       "ISO 9660 primary volume descriptor");
		region->details = primary_details;
		break;
	case ISO_BOOT:
		region = report_region(report, start, start + ISO_SECTOR,
				       "El Torito boot record");
		region->details = boot_details;
		catalog = (uint64_t)get_le32(descriptor + EL_TORITO_CATALOG) *
			  ISO_SECTOR;
		region = report_region(report, catalog, catalog + ISO_SECTOR,
				       "El Torito boot catalog");
		region->details = catalog_details;
		break;
	default:
		report_region(report, start, start + ISO_SECTOR,
			      "volume descriptor, type %u", descriptor[0]);
	}
}

static int has_boot_sector(const struct report *report)
{
	uint8_t sector[SECTOR_SIZE];

	return !disk_read(report->disk, 0, sector, sizeof(sector)) &&
	       get_le16(sector + BS_MAGIC) == BS_MAGIC_VALUE;
}

static void write_title(const struct report *report, const uint8_t *primary,
			char title[TITLE_MAX])
{
	uint8_t sector[SECTOR_SIZE];
	char name[ISO_VOLUME_ID_SIZE + 1];
	const char *code;

	disk_read(report->disk, 0, sector, sizeof(sector));
	code = explain_boot_code(sector);
	report_text(name, primary + ISO_VOLUME_ID, ISO_VOLUME_ID_SIZE);
	if (has_boot_sector(report))
		snprintf(title, TITLE_MAX,
			 "A hybrid ISO 9660 image '%s', a CD and a disk; boot "
			 "code: %s",
			 name, code ? code : "of unknown make");
	else
		snprintf(title, TITLE_MAX,
			 "An ISO 9660 image '%s', for a CD, not for a stick",
			 name);
}

int explain_iso(struct report *report, char title[TITLE_MAX])
{
	uint8_t descriptor[ISO_SECTOR];
	uint64_t data = (ISO_DESCRIPTORS + 1) * ISO_SECTOR;

	if (!read_descriptor(report, 0, descriptor))
		return 0;
	write_title(report, descriptor, title);
	explain_sector0(report);
	explain_partitions(report);
	for (unsigned int i = 0; i < ISO_DESCRIPTORS_MAX; i++) {
		if (!read_descriptor(report, i, descriptor))
			break;
		add_descriptor(report, i, descriptor);
		data = (uint64_t)(ISO_DESCRIPTORS + i + 1) * ISO_SECTOR;
		if (descriptor[0] == ISO_END)
			break;
	}
	read_descriptor(report, 0, descriptor);
	report_region(report, data,
		      (uint64_t)get_le32(descriptor + ISO_BLOCKS) * ISO_SECTOR,
		      "ISO 9660 directories and files");
	return 1;
}
