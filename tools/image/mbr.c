/*
 * mbr.c - LBA 0 of a disk: its partition table, whose boot code it is.
 */
#include <string.h>

#include "boot/image.h"
#include "boot/layout.h"
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

int mbr_has_table(const uint8_t *sector)
{
	if (get_le16(sector + BS_MAGIC) != BS_MAGIC_VALUE)
		return 0;
	for (unsigned int i = 0; i < MBR_ENTRIES; i++) {
		uint8_t status = mbr_entry(sector, i).status;

		if (status && status != MBR_ACTIVE)
			return 0;
	}
	return 1;
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

int mbr_contains(const uint8_t *sector, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i + length <= SECTOR_SIZE; i++)
		if (sector[i] == (uint8_t)text[0] &&
		    !memcmp(sector + i, text, length))
			return 1;
	return 0;
}

const char *mbr_boot_code(const uint8_t *sector)
{
	static const struct {
		const char *text;
		const char *name;
	} known[] = {
		{ "GRUB ", "GRUB 2's boot.img" },
		{ "SYSLINUX", "SYSLINUX" },
		{ "isolinux.bin missing", "isohybrid (ISOLINUX)" },
		{ "Missing operating system", "SYSLINUX's mbr.bin or alike" },
		{ "This is not a bootable disk", "mkfs.fat: prints a message" },
		{ "Invalid partition table", "DOS or Windows" },
		{ "LILO", "LILO" },
	};
	static const uint8_t parted[] = { 0xfa, 0xb8, 0x00, 0x10, 0x8e, 0xd0 };

	if (!memcmp(sector, parted, sizeof(parted)))
		return "parted's";
	for (unsigned int i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (mbr_contains(sector, known[i].text))
			return known[i].name;
	return NULL;
}
