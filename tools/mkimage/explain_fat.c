/*
 * explain_fat.c - a FAT file system that starts in LBA 0, and BPBs
 * (Microsoft FAT specification, 3.1 to 3.5).
 */
#include <inttypes.h>

#include "explain_formats.h"
#include "tools/image/rules.h"

#define BPB_OEM 0x03
#define BPB_SECTOR_BYTES 0x0b
#define BPB_CLUSTER_SECTORS 0x0d
#define BPB_RESERVED 0x0e
#define BPB_FATS 0x10
#define BPB_ROOT_ENTRIES 0x11
#define BPB_SECTORS_16 0x13
#define BPB_MEDIA 0x15
#define BPB_FAT_SECTORS_16 0x16
#define BPB_TRACK 0x18
#define BPB_HEADS 0x1a
#define BPB_HIDDEN 0x1c
#define BPB_SECTORS_32 0x20
#define BPB_FAT_SECTORS_32 0x24
#define BPB_REST 0x24
#define BPB_END 0x5a /* of FAT32; that of FAT16 ends earlier */

#define ROOT_ENTRY_BYTES 32
#define FAT12_CLUSTERS_MAX 4084
#define FAT16_CLUSTERS_MAX 65524

/* All in bytes from the start of the image. */
struct fat {
	uint64_t fats;
	uint64_t root;
	uint64_t data;
	uint64_t end;
	unsigned int bits; /* 12, 16, 32 */
};

unsigned int explain_code_start(const uint8_t *sector)
{
	unsigned int target = 2u + sector[1];

	return target > BPB_REST && target <= BPB_END ? target : BPB_END;
}

void explain_bpb_fields(struct report *report, const uint8_t *sector)
{
	char oem[9];

	report_text(oem, sector + BPB_OEM, 8);
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
	report_field(report, BPB_REST, explain_code_start(sector) - BPB_REST,
		     "  the rest: drive, serial number, label");
}

/* Where things are. Returns -1 if the numbers can't be a file system. */
static int read_fat(const uint8_t *sector, struct fat *fat)
{
	uint64_t unit = get_le16(sector + BPB_SECTOR_BYTES);
	uint64_t cluster = unit * sector[BPB_CLUSTER_SECTORS];
	uint64_t fat_sectors = get_le16(sector + BPB_FAT_SECTORS_16);
	uint64_t sectors = get_le16(sector + BPB_SECTORS_16);
	uint64_t clusters;

	if (!fat_sectors)
		fat_sectors = get_le32(sector + BPB_FAT_SECTORS_32);
	if (!sectors)
		sectors = get_le32(sector + BPB_SECTORS_32);
	fat->fats = get_le16(sector + BPB_RESERVED) * unit;
	fat->root = fat->fats + sector[BPB_FATS] * fat_sectors * unit;
	fat->data = fat->root + get_le16(sector + BPB_ROOT_ENTRIES) *
					(uint64_t)ROOT_ENTRY_BYTES;
	fat->end = sectors * unit;
	if (!fat->fats || fat->root == fat->fats || fat->data > fat->end)
		return -1;
	clusters = (fat->end - fat->data) / cluster;
	fat->bits = clusters <= FAT12_CLUSTERS_MAX ? 12 :
		    clusters <= FAT16_CLUSTERS_MAX ? 16 :
						     32;
	return 0;
}

int explain_fat(struct report *report, char title[TITLE_MAX])
{
	uint8_t sector[SECTOR_SIZE];
	const char *code;
	struct fat fat;

	if (disk_read(report->disk, 0, sector, sizeof(sector)) ||
	    !rules_has_bpb(sector) || read_fat(sector, &fat))
		return 0;
	code = explain_boot_code(sector);
	snprintf(title, TITLE_MAX,
		 "A FAT%u file system without partitions; boot code: %s",
		 fat.bits, code ? code : "of unknown make");
	explain_sector0(report);
	report_region(report, SECTOR_SIZE, fat.fats, "reserved sectors");
	report_region(report, fat.fats, fat.root, "%u FATs", sector[BPB_FATS]);
	report_region(report, fat.root, fat.data, "root directory");
	report_region(report, fat.data, fat.end, "clusters: files");
	return 1;
}
