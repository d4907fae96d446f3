/*
 * gpt.c - a GUID partition table.
 */
#include <string.h>

#include "boot/layout.h"
#include "gpt.h"

#define HEADER_MIN_BYTES 92

/* An entry of the table, byte offsets. */
#define ENTRY_TYPE 0
#define ENTRY_FIRST 32
#define ENTRY_LAST 40
#define ENTRY_NAME 56 /* UTF-16 */
#define ENTRY_MIN_BYTES 128

/* CRC-32 as in Ethernet, bit by bit. */
static uint32_t crc32_ethernet(const uint8_t *data, size_t size)
{
	uint32_t crc = UINT32_MAX;

	for (; size; size--) {
		crc ^= *data++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

static const char *type_name(const uint8_t *guid)
{
	/* as on the disk: the first three fields little-endian */
	static const struct {
		const char *guid;
		const char *name;
	} names[] = {
		{ "\x28\x73\x2a\xc1\x1f\xf8\xd2\x11\xba\x4b\x00\xa0\xc9\x3e"
		  "\xc9\x3b",
		  "EFI system" },
		{ "\x48\x61\x68\x21\x49\x64\x6f\x6e\x74\x4e\x65\x65\x64\x45"
		  "\x46\x49",
		  "BIOS boot (GRUB's core.img)" },
		{ "\xaf\x3d\xc6\x0f\x83\x84\x72\x47\x8e\x79\x3d\x69\xd8\x47"
		  "\x7d\xe4",
		  "Linux" },
		{ "\xa2\xa0\xd0\xeb\xe5\xb9\x33\x44\x87\xc0\x68\xb6\xb7\x26"
		  "\x99\xc7",
		  "Windows data" },
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!memcmp(names[i].guid, guid, GPT_GUID_SIZE))
			return names[i].name;
	return "of another type";
}

int gpt_read(const struct disk *disk, uint64_t lba, uint8_t *header)
{
	if (lba > disk->size / SECTOR_SIZE ||
	    disk_read(disk, lba * SECTOR_SIZE, header, SECTOR_SIZE) ||
	    memcmp(header, "EFI PART", 8))
		return -1;
	return 0;
}

int gpt_check(const uint8_t *header)
{
	uint8_t copy[SECTOR_SIZE];
	uint32_t size = get_le32(header + GPT_HEADER_BYTES);

	if (size < HEADER_MIN_BYTES || size > SECTOR_SIZE)
		return -1;
	memcpy(copy, header, SECTOR_SIZE);
	put_le32(copy + GPT_CRC, 0);
	return crc32_ethernet(copy, size) == get_le32(header + GPT_CRC);
}

int gpt_partition(const struct disk *disk, const uint8_t *header,
		  uint32_t index, struct gpt_partition *partition)
{
	static const uint8_t unused[GPT_GUID_SIZE];
	uint8_t entry[ENTRY_MIN_BYTES], name[GPT_NAME_CHARS];
	uint64_t table = get_le64(header + GPT_ENTRIES_LBA);
	uint32_t size = get_le32(header + GPT_ENTRY_BYTES);

	if (table > disk->size / SECTOR_SIZE || size < ENTRY_MIN_BYTES ||
	    disk_read(disk, table * SECTOR_SIZE + (uint64_t)index * size, entry,
		      sizeof(entry)) ||
	    !memcmp(entry + ENTRY_TYPE, unused, GPT_GUID_SIZE))
		return -1;
	for (unsigned int i = 0; i < GPT_NAME_CHARS; i++) {
		uint16_t unit = get_le16(entry + ENTRY_NAME + 2 * i);

		name[i] = (uint8_t)(unit < 128 ? unit : '?');
	}
	get_text(partition->name, name, GPT_NAME_CHARS);
	partition->first = get_le64(entry + ENTRY_FIRST);
	partition->last = get_le64(entry + ENTRY_LAST);
	partition->type = type_name(entry + ENTRY_TYPE);
	return 0;
}
