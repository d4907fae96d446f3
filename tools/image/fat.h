/*
 * fat.h - a BIOS parameter block, and the FAT file system that it describes
 * (Microsoft FAT specification, 3.1 to 3.5).
 *
 * `sector` is LBA 0, 512 bytes; any bytes are safe.
 */
#ifndef IMAGE_FAT_H
#define IMAGE_FAT_H

#include "tools/file/bytes.h"

/* Byte offsets in LBA 0. */
#define BPB_OEM 0x03
#define BPB_SECTOR_BYTES 0x0b
#define BPB_CLUSTER_SECTORS 0x0d
#define BPB_RESERVED 0x0e
#define BPB_FATS 0x10
#define BPB_ROOT_ENTRIES 0x11
#define BPB_SECTORS_16 0x13
#define BPB_MEDIA 0x15
#define BPB_FAT_SECTORS_16 0x16
#define BPB_TRACK 0x18
#define BPB_HEADS 0x1a
#define BPB_HIDDEN 0x1c
#define BPB_SECTORS_32 0x20
#define BPB_REST 0x24 /* FAT12 and FAT16: of the block; FAT32 goes on */
#define BPB_FAT_SECTORS_32 0x24
#define BPB_DRIVE 0x40
#define BPB_EXTENDED 0x42
#define BPB_SERIAL 0x43
#define BPB_LABEL 0x47
#define BPB_TYPE 0x52
#define BPB_END 0x5a

/* All in bytes from the start of the image. */
struct fat {
	uint64_t fats;
	uint64_t root;
	uint64_t data;
	uint64_t end;
	unsigned int bits; /* 12, 16, 32 */
};

/* Is there what a BIOS takes for a BIOS parameter block? */
int fat_has_bpb(const uint8_t *sector);

/* Where the code starts that the first jump leads to, if that is behind the
 * block; else its end. */
unsigned int fat_code_start(const uint8_t *sector);

/* Where the file system ends by its own account. */
uint64_t fat_end(const uint8_t *sector);

/* Where things are, for a `sector` that has a BPB. Returns -1 if its numbers
 * can't be a file system. */
int fat_read(const uint8_t *sector, struct fat *fat);

#endif
