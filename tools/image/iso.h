/*
 * iso.h - ISO 9660 (ECMA-119), with El Torito ("El Torito" Bootable CD-ROM
 * Format Specification).
 */
#ifndef IMAGE_ISO_H
#define IMAGE_ISO_H

#include "disk.h"

#define ISO_SECTOR 2048
#define ISO_DESCRIPTORS 16 /* their first sector */

#define ISO_MARK_SIZE 6 /* a type, then "CD001" */

/* Types of volume descriptors, their first byte. */
#define ISO_BOOT 0
#define ISO_PRIMARY 1
#define ISO_END 255

/* Byte offsets in the primary descriptor and in the boot record. */
#define ISO_VOLUME_ID 40
#define ISO_VOLUME_ID_SIZE 32
#define ISO_BLOCKS 80 /* u32, of 2048 bytes */
#define ISO_BOOT_SYSTEM 7
#define ISO_BOOT_SYSTEM_SIZE 32
#define ISO_CATALOG 0x47 /* u32: its sector */

/* Reads the first `size` bytes of volume descriptor `index`, ISO_MARK_SIZE at
 * least. Returns -1 where there is none, or not so many. */
int iso_descriptor(const struct disk *disk, unsigned int index,
		   uint8_t *descriptor, size_t size);

/* The size in bytes that a primary descriptor gives. */
uint64_t iso_size(const uint8_t *descriptor);

#endif
