/*
 * explain_gpt.c - a GUID partition table.
 */
#include <inttypes.h>

#include "formats.h"
#include "tools/image/gpt.h"

#define PARTITIONS_MAX 256

static void crc_field(struct report *report, uint64_t at, const uint8_t *header)
{
	int right = gpt_check(header);

	if (right < 0)
		report_field(report, at + GPT_HEADER_BYTES, 4,
			     "an impossible size: %" PRIu32,
			     get_le32(header + GPT_HEADER_BYTES));
	else
		report_field(report, at + GPT_CRC, 4,
			     "CRC-32 %08" PRIX32 ", %s",
			     get_le32(header + GPT_CRC),
			     right ? "right" : "WRONG");
}

static void header_details(struct report *report, const struct region *region)
{
	uint8_t header[SECTOR_SIZE];
	uint64_t at = region->start;

	disk_read(report->disk, at, header, sizeof(header));
	report_field(report, at, 8, "magic 'EFI PART'");
	crc_field(report, at, header);
	report_field(report, at + GPT_LBA_SELF, 8, "this is LBA %" PRIu64,
		     get_le64(header + GPT_LBA_SELF));
	report_field(report, at + GPT_LBA_OTHER, 8, "its copy is LBA %" PRIu64,
		     get_le64(header + GPT_LBA_OTHER));
	report_field(report, at + GPT_FIRST_USABLE, 16,
		     "partitions from LBA %" PRIu64 " to %" PRIu64,
		     get_le64(header + GPT_FIRST_USABLE),
		     get_le64(header + GPT_LAST_USABLE));
	report_field(report, at + GPT_GUID, GPT_GUID_SIZE, "the disk's GUID");
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

static void add_partitions(struct report *report, const uint8_t *header)
{
	uint32_t count = get_le32(header + GPT_ENTRY_COUNT);
	struct gpt_partition partition;

	for (uint32_t i = 0; i < count && i < PARTITIONS_MAX; i++) {
		if (gpt_partition(report->disk, header, i, &partition))
			continue;
		if (partition.last < UINT64_MAX)
			partition.last++;
		report_region(report, bytes_of(report, partition.first),
			      bytes_of(report, partition.last),
			      "partition %" PRIu32 " '%s', %s", i + 1,
			      partition.name, partition.type);
	}
}

/* The header at `lba`, and where its table is. */
static void add_header(struct report *report, uint64_t lba,
		       const uint8_t *header, const char *which)
{
	uint64_t table = bytes_of(report, get_le64(header + GPT_ENTRIES_LBA));
	uint32_t count = get_le32(header + GPT_ENTRY_COUNT);

	report_region(report, lba * SECTOR_SIZE, (lba + 1) * SECTOR_SIZE,
		      "%s GPT header", which)
		->details = header_details;
	report_region(report, table,
		      table + (uint64_t)count *
				      get_le32(header + GPT_ENTRY_BYTES),
		      "%s GPT table, %" PRIu32 " entries", which, count);
}

int explain_gpt(struct report *report, char title[TITLE_MAX])
{
	uint8_t header[SECTOR_SIZE];
	uint64_t other;

	if (gpt_read(report->disk, GPT_LBA, header))
		return 0;
	snprintf(title, TITLE_MAX,
		 "A GPT disk: for UEFI; LBA 0 is there to protect it");
	add_header(report, GPT_LBA, header, "primary");
	add_partitions(report, header);
	other = get_le64(header + GPT_LBA_OTHER);
	if (other > GPT_LBA && !gpt_read(report->disk, other, header))
		add_header(report, other, header, "backup");
	explain_sector0(report);
	return 1;
}
