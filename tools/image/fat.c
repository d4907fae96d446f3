/*
 * fat.c - a BIOS parameter block, and the FAT file system that it describes.
 */
#include "fat.h"

#define ROOT_ENTRY_BYTES 32
#define FAT12_CLUSTERS_MAX 4084
#define FAT16_CLUSTERS_MAX 65524

static int is_power_of_two(unsigned int value)
{
	return value && !(value & (value - 1));
}

int fat_has_bpb(const uint8_t *sector)
{
	unsigned int sector_bytes = get_le16(sector + BPB_SECTOR_BYTES);
	unsigned int fats = sector[BPB_FATS];

	return sector_bytes >= 512 && sector_bytes <= 4096 &&
	       is_power_of_two(sector_bytes) &&
	       is_power_of_two(sector[BPB_CLUSTER_SECTORS]) && fats >= 1 &&
	       fats <= 2 && sector[BPB_MEDIA] >= 0xf0;
}

unsigned int fat_code_start(const uint8_t *sector)
{
	unsigned int target = 2u + sector[1];

	return target > BPB_REST && target <= BPB_END ? target : BPB_END;
}

uint64_t fat_end(const uint8_t *sector)
{
	uint64_t sectors = get_le16(sector + BPB_SECTORS_16);

	if (!sectors)
		sectors = get_le32(sector + BPB_SECTORS_32);
	return sectors * get_le16(sector + BPB_SECTOR_BYTES);
}

int fat_read(const uint8_t *sector, struct fat *fat)
{
	uint64_t unit = get_le16(sector + BPB_SECTOR_BYTES);
	uint64_t cluster = unit * sector[BPB_CLUSTER_SECTORS];
	uint64_t fat_sectors = get_le16(sector + BPB_FAT_SECTORS_16);
	uint64_t clusters;

	if (!fat_sectors)
		fat_sectors = get_le32(sector + BPB_FAT_SECTORS_32);
	fat->fats = get_le16(sector + BPB_RESERVED) * unit;
	fat->root = fat->fats + sector[BPB_FATS] * fat_sectors * unit;
	fat->data = fat->root + get_le16(sector + BPB_ROOT_ENTRIES) *
					(uint64_t)ROOT_ENTRY_BYTES;
	fat->end = fat_end(sector);
	if (!fat->fats || fat->root == fat->fats || fat->data > fat->end)
		return -1;
	clusters = (fat->end - fat->data) / cluster;
	fat->bits = clusters <= FAT12_CLUSTERS_MAX ? 12 :
		    clusters <= FAT16_CLUSTERS_MAX ? 16 :
						     32;
	return 0;
}
