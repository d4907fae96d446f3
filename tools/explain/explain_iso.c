/*
 * explain_iso.c - ISO 9660, El Torito, hybrid with a disk.
 */
#include <inttypes.h>

#include "boot/image.h"
#include "formats.h"
#include "tools/image/iso.h"

#define DESCRIPTORS_MAX 32

/* Byte offsets in the boot catalog; its second entry is the default. */
#define CATALOG_DEFAULT 32

static void primary_details(struct report *report, const struct region *region)
{
	uint8_t descriptor[ISO_SECTOR];
	char name[ISO_VOLUME_ID_SIZE + 1];

	disk_read(report->disk, region->start, descriptor, ISO_SECTOR);
	get_text(name, descriptor + ISO_VOLUME_ID, ISO_VOLUME_ID_SIZE);
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
	char name[ISO_BOOT_SYSTEM_SIZE + 1];

	disk_read(report->disk, region->start, descriptor, ISO_SECTOR);
	get_text(name, descriptor + ISO_BOOT_SYSTEM, ISO_BOOT_SYSTEM_SIZE);
	report_field(report, region->start + ISO_BOOT_SYSTEM,
		     ISO_BOOT_SYSTEM_SIZE, "boot system '%s'", name);
	report_field(report, region->start + ISO_CATALOG, 4,
		     "boot catalog at sector %" PRIu32,
		     get_le32(descriptor + ISO_CATALOG));
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
		catalog = (uint64_t)get_le32(descriptor + ISO_CATALOG) *
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

static void write_title(const struct report *report, const uint8_t *primary,
			char title[TITLE_MAX])
{
	uint8_t sector[SECTOR_SIZE];
	char name[ISO_VOLUME_ID_SIZE + 1];

	disk_read(report->disk, 0, sector, sizeof(sector));
	get_text(name, primary + ISO_VOLUME_ID, ISO_VOLUME_ID_SIZE);
	if (get_le16(sector + BS_MAGIC) == BS_MAGIC_VALUE)
		snprintf(title, TITLE_MAX,
			 "A hybrid ISO 9660 image '%s', a CD and a disk; boot "
			 "code: %s",
			 name, explain_boot_code(sector));
	else
		snprintf(title, TITLE_MAX,
			 "An ISO 9660 image '%s', for a CD, not for a stick",
			 name);
}

int explain_iso(struct report *report, char title[TITLE_MAX])
{
	uint8_t descriptor[ISO_SECTOR];
	uint64_t data = (ISO_DESCRIPTORS + 1) * ISO_SECTOR;

	if (iso_descriptor(report->disk, 0, descriptor, ISO_SECTOR))
		return 0;
	write_title(report, descriptor, title);
	explain_sector0(report);
	explain_partitions(report);
	for (unsigned int i = 0; i < DESCRIPTORS_MAX; i++) {
		if (iso_descriptor(report->disk, i, descriptor, ISO_SECTOR))
			break;
		add_descriptor(report, i, descriptor);
		data = (uint64_t)(ISO_DESCRIPTORS + i + 1) * ISO_SECTOR;
		if (descriptor[0] == ISO_END)
			break;
	}
	iso_descriptor(report->disk, 0, descriptor, ISO_SECTOR);
	report_region(report, data, iso_size(descriptor),
		      "ISO 9660 directories and files");
	return 1;
}
