/*
 * mbr.c - a partition table's entry, read.
 */
#include "boot/image.h"
#include "mbr.h"

static struct mbr_tuple read_tuple(const uint8_t *at)
{
	return (struct mbr_tuple){
		.cylinder = (unsigned int)(at[2] | (at[1] & 0xc0) << 2),
		.head = at[0],
		.sector = at[1] & 63,
	};
}

static const uint8_t *entry_at(const uint8_t *sector, unsigned int index)
{
	return sector + BS_PARTITIONS + index * MBR_ENTRY_SIZE;
}

struct mbr_entry mbr_entry(const uint8_t *sector, unsigned int index)
{
	const uint8_t *entry = entry_at(sector, index);
	uint64_t start = get_le32(entry + 8);

	return (struct mbr_entry){
		.status = entry[0],
		.type = entry[4],
		.first = read_tuple(entry + 1),
		.last = read_tuple(entry + 5),
		.start = start,
		.end = start + get_le32(entry + 12),
	};
}

int mbr_entry_unused(const uint8_t *sector, unsigned int index)
{
	const uint8_t *entry = entry_at(sector, index);

	for (unsigned int i = 0; i < MBR_ENTRY_SIZE; i++)
		if (entry[i])
			return 0;
	return 1;
}

int mbr_saturated(struct mbr_tuple tuple)
{
	return tuple.cylinder == CHS_CYLINDER_MAX && tuple.head == 254 &&
	       tuple.sector == 63;
}

uint64_t mbr_lba(struct mbr_tuple tuple, struct geometry geometry)
{
	return ((uint64_t)tuple.cylinder * geometry.heads + tuple.head) *
		       geometry.track +
	       tuple.sector - 1;
}

const char *mbr_type_name(uint8_t type)
{
	static const struct {
		uint8_t type;
		const char *name;
	} names[] = {
		{ 0x00, "unused" },
		{ 0x01, "FAT12" },
		{ 0x04, "FAT16, small" },
		{ 0x05, "extended" },
		{ 0x06, "FAT16" },
		{ 0x07, "NTFS or exFAT" },
		{ 0x0b, "FAT32" },
		{ 0x0c, "FAT32 (LBA)" },
		{ 0x0e, "FAT16 (LBA)" },
		{ 0x0f, "extended (LBA)" },
		{ 0x17, "hidden NTFS; isohybrid" },
		{ 0x82, "Linux swap" },
		{ 0x83, "Linux" },
		{ 0x8e, "Linux LVM" },
		{ 0xa5, "FreeBSD" },
		{ 0xa6, "OpenBSD" },
		{ 0xcd, "ISO 9660, by grub-mkrescue" },
		{ 0xda, "no file system" },
		{ 0xee, "all of a GPT disk" },
		{ 0xef, "EFI system" },
		{ 0xfd, "Linux RAID" },
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return "of unknown type";
}
