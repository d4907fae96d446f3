/*
 * explain_gpt.c - a GUID partition table (UEFI specification, 5.3).
 */
#include <inttypes.h>
#include <string.h>

#include "explain_formats.h"

#define GPT_LBA 1
#define GPT_HEADER_BYTES 12
#define GPT_CRC 16
#define GPT_LBA_SELF 24
#define GPT_LBA_OTHER 32
#define GPT_FIRST_USABLE 40
#define GPT_LAST_USABLE 48
#define GPT_GUID 56
#define GPT_ENTRIES_LBA 72
#define GPT_ENTRY_COUNT 80
#define GPT_ENTRY_BYTES 84
#define GPT_ENTRIES_CRC 88
#define GPT_MIN_BYTES 92

#define ENTRY_TYPE 0
#define ENTRY_FIRST 32
#define ENTRY_LAST 40
#define ENTRY_NAME 56 /* UTF-16 */
#define ENTRY_NAME_CHARS 36
#define ENTRY_MIN_BYTES 128

#define ENTRIES_READ_MAX 256
#define GUID_SIZE 16

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
		if (!memcmp(names[i].guid, guid, GUID_SIZE))
			return names[i].name;
	return "of another type";
}

static void check_crc(struct report *report, const struct region *region,
		      const uint8_t *header)
{
	uint8_t copy[SECTOR_SIZE];
	uint32_t size = get_le32(header + GPT_HEADER_BYTES);

	if (size < GPT_MIN_BYTES || size > SECTOR_SIZE) {
		report_field(report, region->start + GPT_HEADER_BYTES, 4,
			     "an impossible size: %" PRIu32, size);
		return;
	}
	memcpy(copy, header, SECTOR_SIZE);
	put_le32(copy + GPT_CRC, 0);
	report_field(report, region->start + GPT_CRC, 4,
		     "CRC-32 %08" PRIX32 ", %s", get_le32(header + GPT_CRC),
		     crc32_ethernet(copy, size) == get_le32(header + GPT_CRC) ?
			     "right" :
			     "WRONG");
}

static void header_details(struct report *report, const struct region *region)
{
	uint8_t header[SECTOR_SIZE];
	uint64_t at = region->start;

	disk_read(report->disk, at, header, sizeof(header));
	report_field(report, at, 8, "magic 'EFI PART'");
	check_crc(report, region, header);
	report_field(report, at + GPT_LBA_SELF, 8, "this is LBA %" PRIu64,
		     get_le64(header + GPT_LBA_SELF));
	report_field(report, at + GPT_LBA_OTHER, 8, "its copy is LBA %" PRIu64,
		     get_le64(header + GPT_LBA_OTHER));
	report_field(report, at + GPT_FIRST_USABLE, 16,
		     "partitions from LBA %" PRIu64 " to %" PRIu64,
		     get_le64(header + GPT_FIRST_USABLE),
		     get_le64(header + GPT_LAST_USABLE));
	report_field(report, at + GPT_GUID, GUID_SIZE, "the disk's GUID");
	report_field(report, at + GPT_ENTRIES_LBA, 8, "table at LBA %" PRIu64,
		     get_le64(header + GPT_ENTRIES_LBA));
	report_field(report, at + GPT_ENTRY_COUNT, 8,
		     "%" PRIu32 " entries of %" PRIu32 " bytes",
		     get_le32(header + GPT_ENTRY_COUNT),
		     get_le32(header + GPT_ENTRY_BYTES));
	report_field(report, at + GPT_ENTRIES_CRC, 4,
		     "CRC-32 of the table %08" PRIX32,
		     get_le32(header + GPT_ENTRIES_CRC));
}

/* LBA to bytes; what can't be on the disk is put at its end. */
static uint64_t bytes_of(const struct report *report, uint64_t lba)
{
	if (lba > report->disk->size / SECTOR_SIZE)
		return report->disk->size;
	return lba * SECTOR_SIZE;
}

static void add_partition(struct report *report, const uint8_t *entry,
			  uint32_t index)
{
	static const uint8_t unused[GUID_SIZE];
	uint8_t characters[ENTRY_NAME_CHARS];
	char name[ENTRY_NAME_CHARS + 1];
	uint64_t last = get_le64(entry + ENTRY_LAST);

	if (!memcmp(entry + ENTRY_TYPE, unused, GUID_SIZE))
		return;
	for (unsigned int i = 0; i < ENTRY_NAME_CHARS; i++) {
		uint16_t unit = get_le16(entry + ENTRY_NAME + 2 * i);

		characters[i] = (uint8_t)(unit < 128 ? unit : '?');
	}
	report_text(name, characters, ENTRY_NAME_CHARS);
	report_region(report, bytes_of(report, get_le64(entry + ENTRY_FIRST)),
		      bytes_of(report, last < UINT64_MAX ? last + 1 : last),
		      "partition %" PRIu32 " '%s', %s", index + 1, name,
		      type_name(entry + ENTRY_TYPE));
}

/* A header and its table; the partitions only once, by the first. */
static int add_table(struct report *report, uint64_t lba, const char *which,
		     int with_partitions)
{
	uint8_t header[SECTOR_SIZE], entry[ENTRY_MIN_BYTES];
	uint64_t start = bytes_of(report, lba), table;
	uint32_t count, size;

	if (disk_read(report->disk, start, header, sizeof(header)) ||
	    memcmp(header, "EFI PART", 8))
		return 0;
	report_region(report, start, start + SECTOR_SIZE, "%s GPT header",
		      which)
		->details = header_details;
	table = bytes_of(report, get_le64(header + GPT_ENTRIES_LBA));
	count = get_le32(header + GPT_ENTRY_COUNT);
	size = get_le32(header + GPT_ENTRY_BYTES);
	report_region(report, table, table + (uint64_t)count * size,
		      "%s GPT table, %" PRIu32 " entries", which, count);
	for (uint32_t i = 0; with_partitions && i < count &&
			     i < ENTRIES_READ_MAX && size >= ENTRY_MIN_BYTES;
	     i++)
		if (!disk_read(report->disk, table + (uint64_t)i * size, entry,
			       sizeof(entry)))
			add_partition(report, entry, i);
	return 1;
}

int explain_gpt(struct report *report, char title[TITLE_MAX])
{
	uint8_t header[SECTOR_SIZE];
	uint64_t other;

	if (!add_table(report, GPT_LBA, "primary", 1))
		return 0;
	snprintf(title, TITLE_MAX,
		 "A GPT disk: for UEFI; LBA 0 is there to protect it");
	disk_read(report->disk, GPT_LBA * SECTOR_SIZE, header, sizeof(header));
	other = get_le64(header + GPT_LBA_OTHER);
	if (other > GPT_LBA)
		add_table(report, other, "backup", 0);
	explain_sector0(report);
	return 1;
}
