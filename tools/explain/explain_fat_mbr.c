/*
 * explain_fat_mbr.c - disks by what LBA 0 says: a FAT file system without
 * partitions, a partition table, or any boot sector.
 */
#include <string.h>

#include "boot/image.h"
#include "formats.h"
#include "tools/image/fat.h"
#include "tools/image/mbr.h"

int explain_fat(struct report *report, char title[TITLE_MAX])
{
	uint8_t sector[SECTOR_SIZE];
	struct fat fat;

	if (disk_read(report->disk, 0, sector, sizeof(sector)) ||
	    !fat_has_bpb(sector) || fat_read(sector, &fat))
		return 0;
	snprintf(title, TITLE_MAX,
		 "A FAT%u file system without partitions; boot code: %s",
		 fat.bits, explain_boot_code(sector));
	explain_sector0(report);
	report_region(report, SECTOR_SIZE, fat.fats, "reserved sectors");
	report_region(report, fat.fats, fat.root, "%u FATs", sector[BPB_FATS]);
	report_region(report, fat.root, fat.data, "root directory");
	report_region(report, fat.data, fat.end, "clusters: files");
	return 1;
}

int explain_mbr(struct report *report, char title[TITLE_MAX])
{
	uint8_t sector[SECTOR_SIZE];
	const char *code;
	unsigned int used = 0;

	if (disk_read(report->disk, 0, sector, sizeof(sector)) ||
	    get_le16(sector + BS_MAGIC) != BS_MAGIC_VALUE)
		return 0;
	code = mbr_boot_code(sector);
	if (mbr_has_table(sector))
		for (unsigned int i = 0; i < MBR_ENTRIES; i++)
			used += !mbr_entry_unused(sector, i);
	if (!used)
		snprintf(title, TITLE_MAX, "A boot sector, no partitions");
	else
		snprintf(title, TITLE_MAX,
			 "A disk with %u partition%s in an MBR", used,
			 used == 1 ? "" : "s");
	if (code) {
		size_t length = strlen(title);

		snprintf(title + length, TITLE_MAX - length, "; boot code: %s",
			 code);
	}
	explain_sector0(report);
	explain_partitions(report);
	return 1;
}
