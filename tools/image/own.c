/*
 * own.c - is an image that mkimage made still whole?
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "boot/errors.h"
#include "boot/image.h"
#include "boot/layout.h"
#include "crc32c.h"
#include "own.h"

#define BLOCK 65536

/* Where complaints go. */
struct listener {
	own_wrong *wrong;
	void *context;
};

static void tell(const struct listener *to, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void tell(const struct listener *to, const char *format, ...)
{
	char words[REASON_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	to->wrong(to->context, words);
}

/* Zeros, where the image has ended. */
static void read_header(const struct disk *disk, uint8_t header[HEADER_SIZE])
{
	disk_read(disk, HEADER_LBA * SECTOR_SIZE, header, HEADER_SIZE);
}

/* Adds the 32-bit words of whole sectors. Returns -1 at the first that can't
 * be read; `*lba` is then its number. */
static int sum_sectors(const struct disk *disk, uint64_t *lba, uint64_t end,
		       uint32_t *sum)
{
	uint8_t sector[SECTOR_SIZE];

	for (*sum = 0; *lba < end; ++*lba) {
		if (disk_read(disk, *lba * SECTOR_SIZE, sector, sizeof(sector)))
			return -1;
		for (unsigned int i = 0; i < SECTOR_SIZE; i += 4)
			*sum += get_le32(sector + i);
	}
	return 0;
}

void own_check_bootsector(const struct disk *disk, own_wrong *wrong,
			  void *context)
{
	struct listener to = { wrong, context };
	uint8_t sector[SECTOR_SIZE];

	disk_read(disk, 0, sector, sizeof(sector));
	if (get_le16(sector + BS_MAGIC) != BS_MAGIC_VALUE)
		tell(&to, "LBA 0 does not end with 55 AA: no BIOS starts it");
}

static void check_counts(const struct listener *to, unsigned int loaded,
			 const uint8_t *header)
{
	unsigned int blobs = get_le16(header + HEADER_BLOB_COUNT);
	unsigned int stage2 = get_le16(header + HEADER_STAGE2_SECTORS);

	if (get_le16(header + HEADER_VERSION) != HEADER_VERSION_VALUE)
		tell(to, "version %d is known here", HEADER_VERSION_VALUE);
	if (!blobs || blobs > BLOBS_MAX)
		tell(to, "there can be 1 to %d blobs", BLOBS_MAX);
	if (loaded != stage2 + 1)
		tell(to,
		     "the boot sector loads %u sectors, header and stage 2 are "
		     "%u",
		     loaded, stage2 + 1);
}

static void check_crc(const struct listener *to, const uint8_t *header)
{
	uint8_t copy[HEADER_SIZE];
	uint32_t crc;

	memcpy(copy, header, sizeof(copy));
	put_le32(copy + HEADER_CRC, 0);
	put_le32(copy + HEADER_SUM, 0);
	crc = crc32c(0, copy, sizeof(copy));
	if (crc != get_le32(header + HEADER_CRC))
		tell(to,
		     "the header's CRC is %08" PRIX32
		     ": bytes of it have changed",
		     crc);
}

/* Header and stage 2 sum to 0, as the boot sector will find (HW-8). */
static void check_sum(const struct listener *to, const struct disk *disk,
		      unsigned int loaded)
{
	uint64_t lba = HEADER_LBA;
	uint32_t sum;

	if (sum_sectors(disk, &lba, HEADER_LBA + loaded, &sum))
		tell(to, "LBA %" PRIu64 " can't be read", lba);
	else if (sum)
		tell(to,
		     "header and stage 2 sum to %08" PRIX32
		     ", not to 0: the boot sector will say %c",
		     sum, BS_ERROR_SUM);
}

void own_check_header(const struct disk *disk, own_wrong *wrong, void *context)
{
	struct listener to = { wrong, context };
	uint8_t sector[SECTOR_SIZE], header[HEADER_SIZE];
	uint64_t size;

	disk_read(disk, 0, sector, sizeof(sector));
	read_header(disk, header);
	size = (uint64_t)get_le32(header + HEADER_IMAGE_SECTORS) * SECTOR_SIZE;
	if (size > disk->size)
		tell(&to,
		     "the image should have %" PRIu64 " bytes: it is cut short",
		     size);
	check_counts(&to, sector[BS_SECTORS], header);
	check_crc(&to, header);
	check_sum(&to, disk, sector[BS_SECTORS]);
}

/* As stage 2 proves them before it runs them. */
void own_check_diag(const struct disk *disk, own_wrong *wrong, void *context)
{
	struct listener to = { wrong, context };
	uint8_t header[HEADER_SIZE];
	uint64_t lba;
	uint32_t sum;

	read_header(disk, header);
	if (!header[HEADER_DIAG_SECTORS])
		return;
	lba = STAGE2_LBA + (uint64_t)get_le16(header + HEADER_STAGE2_SECTORS);
	if (sum_sectors(disk, &lba, lba + header[HEADER_DIAG_SECTORS], &sum))
		tell(&to, "the diagnostics can't be read");
	else if (sum != DIAG_SUM_VALUE)
		tell(&to,
		     "the diagnostics sum to %08" PRIX32
		     ": stage 2 will not start them",
		     sum);
}

unsigned int own_blob_count(const uint8_t *header)
{
	unsigned int count = get_le16(header + HEADER_BLOB_COUNT);

	return count < BLOBS_MAX ? count : BLOBS_MAX;
}

/* The CRC-32C of a range. Returns -1 if it can't be read. */
static int crc_of_range(const struct disk *disk, uint64_t start, uint64_t size,
			uint32_t *crc)
{
	uint8_t block[BLOCK];

	*crc = 0;
	while (size) {
		size_t part = size < BLOCK ? (size_t)size : BLOCK;

		if (disk_read(disk, start, block, part))
			return -1;
		*crc = crc32c(*crc, block, part);
		start += part;
		size -= part;
	}
	return 0;
}

void own_check_blob(const struct disk *disk, unsigned int index,
		    own_wrong *wrong, void *context)
{
	struct listener to = { wrong, context };
	uint8_t header[HEADER_SIZE];
	const uint8_t *entry = header + HEADER_BLOBS + index * BLOB_SIZE;
	uint32_t crc;

	read_header(disk, header);
	if (crc_of_range(disk,
			 (uint64_t)get_le32(entry + BLOB_LBA) * SECTOR_SIZE,
			 get_le32(entry + BLOB_BYTES), &crc))
		tell(&to, "blob %u goes beyond the image", index);
	else if (crc != get_le32(entry + BLOB_CRC))
		tell(&to,
		     "the CRC of blob %u is %08" PRIX32
		     ", the header says %08" PRIX32,
		     index, crc, get_le32(entry + BLOB_CRC));
}

/* Keeps the first. */
static void note_reason(void *context, const char *words)
{
	struct reason *reason = context;

	if (!reason->text[0])
		snprintf(reason->text, sizeof(reason->text), "%s", words);
}

int own_check(const struct disk *disk, struct reason *reason)
{
	uint8_t header[HEADER_SIZE];

	reason->text[0] = '\0';
	read_header(disk, header);
	own_check_bootsector(disk, note_reason, reason);
	own_check_header(disk, note_reason, reason);
	own_check_diag(disk, note_reason, reason);
	for (unsigned int i = 0; i < own_blob_count(header); i++)
		own_check_blob(disk, i, note_reason, reason);
	return reason->text[0] ? -1 : 0;
}
