/*
 * gpt.h - a GUID partition table (UEFI specification, "GUID Partition Table
 * (GPT) Disk Layout").
 */
#ifndef IMAGE_GPT_H
#define IMAGE_GPT_H

#include "disk.h"

#define GPT_LBA 1 /* of the primary header */

/* Byte offsets in a header. */
#define GPT_HEADER_BYTES 12
#define GPT_CRC 16
#define GPT_LBA_SELF 24
#define GPT_LBA_OTHER 32 /* of the other header: the backup is the last LBA */
#define GPT_FIRST_USABLE 40
#define GPT_LAST_USABLE 48
#define GPT_GUID 56
#define GPT_ENTRIES_LBA 72
#define GPT_ENTRY_COUNT 80
#define GPT_ENTRY_BYTES 84
#define GPT_ENTRIES_CRC 88

#define GPT_GUID_SIZE 16
#define GPT_NAME_CHARS 36

struct gpt_partition {
	uint64_t first, last; /* LBAs, both of them in it */
	char name[GPT_NAME_CHARS + 1]; /* ASCII; '?' stands for what is not */
	const char *type; /* "Linux", or "of another type" */
};

/* Reads the header at `lba`, 512 bytes. Returns -1 if there is none. */
int gpt_read(const struct disk *disk, uint64_t lba, uint8_t *header);

/* 1: the header's own CRC is right; 0: it is not; -1: it has an impossible
 * size. */
int gpt_check(const uint8_t *header);

/* Reads entry `index` of the header's table. Returns -1 if it is unused, or not
 * there. */
int gpt_partition(const struct disk *disk, const uint8_t *header,
		  uint32_t index, struct gpt_partition *partition);

#endif
