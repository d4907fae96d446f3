/*
 * mbr.h - a partition table's entry, read.
 */
#ifndef IMAGE_MBR_H
#define IMAGE_MBR_H

#include "tools/file/bytes.h"

#define MBR_ENTRIES 4
#define MBR_ENTRY_SIZE 16
#define MBR_GPT_TYPE 0xee

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
	uint8_t status; /* 80h: active */
	uint8_t type; /* 0: unused */
	struct mbr_tuple first;
	struct mbr_tuple last;
	uint64_t start; /* LBA */
	uint64_t end; /* the LBA behind it */
};

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

#endif
