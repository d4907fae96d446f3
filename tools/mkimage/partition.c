/*
 * partition.c - the geometry and the partition entries.
 */
#include <string.h>

#include "partition.h"
#include "tools/file/bytes.h"

#define ENTRY_STATUS 0
#define ENTRY_FIRST_CHS 1
#define ENTRY_TYPE 4
#define ENTRY_LAST_CHS 5
#define ENTRY_LBA 8
#define ENTRY_SECTORS 12

static uint64_t cylinder_sectors(struct geometry geometry)
{
	return (uint64_t)geometry.heads * geometry.track;
}

uint64_t partition_image_sectors(struct geometry geometry, uint64_t sectors)
{
	return round_up(round_up(sectors, cylinder_sectors(geometry)),
			MIB_SECTORS);
}

uint64_t partition_end(struct geometry geometry, uint64_t image_sectors)
{
	uint64_t cylinder = cylinder_sectors(geometry);

	return image_sectors / cylinder * cylinder;
}

void partition_chs(struct geometry geometry, uint64_t lba, uint8_t chs[3])
{
	uint64_t cylinder = lba / cylinder_sectors(geometry);
	uint64_t head = lba / geometry.track % geometry.heads;
	uint64_t sector = lba % geometry.track + 1;

	if (cylinder > CHS_CYLINDER_MAX) {
		memcpy(chs, "\xfe\xff\xff", 3);
		return;
	}
	chs[0] = (uint8_t)head;
	chs[1] = (uint8_t)(sector | cylinder >> 8 << 6);
	chs[2] = (uint8_t)cylinder;
}

static void write_start(uint8_t *entry, struct geometry geometry,
			uint32_t start, uint32_t end)
{
	partition_chs(geometry, start, entry + ENTRY_FIRST_CHS);
	put_le32(entry + ENTRY_LBA, start);
	put_le32(entry + ENTRY_SECTORS, end - start);
}

void partition_write(uint8_t *entry, struct geometry geometry, uint8_t type,
		     uint64_t image_sectors)
{
	uint64_t end = partition_end(geometry, image_sectors);

	entry[ENTRY_STATUS] = MBR_ACTIVE;
	entry[ENTRY_TYPE] = type;
	partition_chs(geometry, end - 1, entry + ENTRY_LAST_CHS);
	write_start(entry, geometry, PARTITION_LBA, (uint32_t)end);
}

void partition_add_uefi(uint8_t *entries, struct geometry geometry,
			uint32_t start, uint32_t end)
{
	uint8_t *second = entries + MBR_ENTRY_SIZE;

	write_start(entries, geometry, end,
		    PARTITION_LBA + get_le32(entries + ENTRY_SECTORS));
	second[ENTRY_TYPE] = MBR_UEFI_TYPE;
	partition_chs(geometry, end - 1, second + ENTRY_LAST_CHS);
	write_start(second, geometry, start, end);
}
