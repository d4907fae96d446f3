/*
 * mbr.h - LBA 0 of a disk: its partition table, whose boot code it is.
 */
#ifndef IMAGE_MBR_H
#define IMAGE_MBR_H

#include "tools/file/bytes.h"

#define MBR_ENTRIES 4
#define MBR_ENTRY_SIZE 16
#define MBR_GPT_TYPE 0xee
#define MBR_UEFI_TYPE 0xef /* a volume that UEFI reads */
#define MBR_ACTIVE 0x80 /* a status; the only other one is 0 */

/* The last cylinder that a tuple can name; beyond it is FE FF FF. */
#define CHS_CYLINDER_MAX 1023

struct geometry {
	uint32_t heads; /* 1..255 */
	uint32_t track; /* sectors per track, 1..63 */
};

struct mbr_tuple {
	unsigned int cylinder; /* 0..1023 */
	unsigned int head; /* 0..255 */
	unsigned int sector; /* 1..63; 0 is no sector */
};

struct mbr_entry {
	uint8_t status; /* MBR_ACTIVE or 0, in a partition table */
	uint8_t type; /* 0: unused */
	struct mbr_tuple first;
	struct mbr_tuple last;
	uint64_t start; /* LBA */
	uint64_t end; /* the LBA behind it */
};

/* Can the 64 bytes at 0x1BE be a partition table, used or not? */
int mbr_has_table(const uint8_t *sector);

/* Entry `index`, 0 to MBR_ENTRIES - 1, of LBA 0. */
struct mbr_entry mbr_entry(const uint8_t *sector, unsigned int index);

/* All 16 bytes are zero? */
int mbr_entry_unused(const uint8_t *sector, unsigned int index);

/* The tuple that stands for "beyond cylinder 1023": FE FF FF. */
int mbr_saturated(struct mbr_tuple tuple);

/* The LBA of `tuple` by `geometry`. */
uint64_t mbr_lba(struct mbr_tuple tuple, struct geometry geometry);

/* "FAT32 (LBA)" and so on; "of unknown type" when it is. */
const char *mbr_type_name(uint8_t type);

/* Whose boot code is in LBA 0? A name, or NULL if it isn't known. */
const char *mbr_boot_code(const uint8_t *sector);

/* Is this text somewhere in LBA 0? */
int mbr_contains(const uint8_t *sector, const char *text);

#endif
