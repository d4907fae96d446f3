/*
 * partition.h - the geometry and the partition entries (HW-1, HW-2, HW-6,
 * HW-34).
 *
 * A BIOS that sees a stick for the first time derives heads and sectors per
 * track from the entry's last CHS tuple, so that tuple is always the last
 * sector of a cylinder. With 64x32 a cylinder is exactly 1 MiB: image and
 * partition end together. With 255x63 it is 7.84 MiB, and no image of less
 * than 15 GiB is a whole number of both: the image is whole MiB, the
 * partition ends with the last whole cylinder inside it, and everything that
 * is loaded lies before that end. What follows is less than a cylinder of
 * zeros.
 */
#ifndef MKIMAGE_PARTITION_H
#define MKIMAGE_PARTITION_H

#include <stdint.h>

#include "tools/image/mbr.h"

#define PARTITION_LBA 1 /* first sector: the header */
#define PARTITION_TYPE_DEFAULT 0xda /* "non-file-system data" */
#define MIB_SECTORS 2048 /* 1 MiB in sectors */

/* Sectors of the smallest whole-MiB image whose whole cylinders hold
 * `sectors`. */
uint64_t partition_image_sectors(struct geometry geometry, uint64_t sectors);

/* The first sector behind the partition of an image of `image_sectors`. */
uint64_t partition_end(struct geometry geometry, uint64_t image_sectors);

/* Writes the three bytes of `lba` as a partition entry has them: head, then
 * sector with cylinder bits 8 and 9 on top, then cylinder. */
void partition_chs(struct geometry geometry, uint64_t lba, uint8_t chs[3]);

/* Writes the active entry, MBR_ENTRY_SIZE bytes, of an image of
 * `image_sectors`, which fit into 32 bits; `type` is 1..255. */
void partition_write(uint8_t *entry, struct geometry geometry, uint8_t type,
		     uint64_t image_sectors);

/* Behind the entry at `entries`, which partition_write() wrote, writes one for
 * the volume [start, end) that UEFI reads, not active. The first then starts
 * behind it: UEFIs refuse partitions that overlap, and the geometry is told by
 * the end of the active one. */
void partition_add_uefi(uint8_t *entries, struct geometry geometry,
			uint32_t start, uint32_t end);

#endif
