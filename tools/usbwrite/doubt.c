/*
 * doubt.c - what speaks against writing this, though it is allowed?
 */
#include "boot/image.h"
#include "boot/layout.h"
#include "doubt.h"
#include "tools/image/fat.h"
#include "tools/image/gpt.h"
#include "tools/image/iso.h"
#include "tools/image/mbr.h"
#include "tools/image/own.h"
#include "tools/image/recognise.h"

static int cut_short(const char *what, uint64_t should, uint64_t is,
		     struct reason *reason)
{
	return refuse(reason,
		      "is cut short, its %s ends at byte %" PRIu64
		      ", the file at %" PRIu64 ": copy it again",
		      what, should, is);
}

/* A GPT names its last sector, an ISO its blocks. */
static int check_marks(const struct disk *image, struct reason *reason)
{
	uint8_t sector[SECTOR_SIZE];
	uint64_t last;

	if (!gpt_read(image, GPT_LBA, sector)) {
		last = get_le64(sector + GPT_LBA_OTHER);
		if (last >= image->size / SECTOR_SIZE)
			return refuse(reason,
				      "is cut short, its GPT says that LBA "
				      "%" PRIu64 " is the last: copy it again",
				      last);
	}
	if (!iso_descriptor(image, 0, sector, sizeof(sector)) &&
	    iso_size(sector) > image->size)
		return cut_short("CD", iso_size(sector), image->size, reason);
	return 0;
}

static int check_partitions(const uint8_t *sector, uint64_t size,
			    struct reason *reason)
{
	for (unsigned int i = 0; i < MBR_ENTRIES; i++) {
		struct mbr_entry entry = mbr_entry(sector, i);
		char name[] = "partition 0";

		name[sizeof(name) - 2] = (char)('1' + i);
		/* a GPT's is checked by its header; it may say "all" */
		if (entry.type && entry.type != MBR_GPT_TYPE &&
		    entry.end * SECTOR_SIZE > size)
			return cut_short(name, entry.end * SECTOR_SIZE, size,
					 reason);
	}
	return 0;
}

/* Somebody else's disk, or none of ours any more. */
static int doubt_foreign(const struct disk *image, struct reason *reason)
{
	uint8_t sector[SECTOR_SIZE];
	unsigned int used = 0;

	disk_read(image, 0, sector, sizeof(sector));
	while (used < BS_SIGNATURE && !sector[used])
		used++;
	if (used == BS_SIGNATURE)
		return refuse(reason, "is a disk without boot code in LBA 0, "
				      "no BIOS could start it: install a boot "
				      "loader on it");
	if (check_marks(image, reason))
		return -1;
	if (fat_has_bpb(sector))
		return fat_end(sector) > image->size ?
			       cut_short("file system", fat_end(sector),
					 image->size, reason) :
			       0;
	return mbr_has_table(sector) ?
		       check_partitions(sector, image->size, reason) :
		       0;
}

int doubt_image(const struct disk *image, struct reason *reason)
{
	struct recognised found = recognise(image);
	struct reason why;

	if (found.kind == KIND_DISK)
		return doubt_foreign(image, reason);
	if (found.kind != KIND_OWN)
		return refuse(reason, "is %s, no BIOS could start it: %s",
			      found.what, found.remedy);
	if (own_check(image, &why))
		return refuse(reason,
			      "is a damaged Firstlight image: %.300s; make it "
			      "again, or copy it again",
			      why.text);
	return 0;
}

int doubt_drive(const struct drive *drive, struct reason *reason)
{
	/* HW-7 */
	if (drive->sector_bytes && drive->sector_bytes != SECTOR_SIZE)
		return refuse(reason,
			      "has sectors of %u bytes, and a BIOS starts only "
			      "disks with sectors of %d: take another stick",
			      drive->sector_bytes, SECTOR_SIZE);
	return 0;
}
