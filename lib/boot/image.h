/*
 * image.h - the disk image: boot sector fields, header, blob table.
 *
 * LBA 0 boot sector | 1 header | 2.. stage 2 | diagnostics | a volume for UEFI |
 * blobs | padding to a whole MiB.
 * mkimage writes it, the boot sector and stage 2 check it. All numbers are
 * little-endian. layout.h says how such a file is written.
 */
#ifndef BOOT_IMAGE_H
#define BOOT_IMAGE_H

/* Boot sector (LBA 0), byte offsets. A BIOS may write a parameter block into
 * 0x03..0x59 (HW-3), Windows a signature at 0x1B8 (HW-5). */
#define BS_FREE			0x03	/* zeros, or a dummy BPB (HW-4) */
#define BS_CODE			0x5A	/* code starts */
#define BS_SECTORS		0x1B7	/* u8: sectors to load from LBA 1 on */
#define BS_SIGNATURE		0x1B8	/* u32: disk signature */
#define BS_PARTITIONS		0x1BE	/* 4 entries of 16 bytes */
#define BS_MAGIC		0x1FE	/* u16: 0xAA55 */
#define BS_MAGIC_VALUE		0xAA55

/* Header (LBA 1), byte offsets. Header and stage 2 together, as 32-bit
 * words, sum to 0: mkimage chooses HEADER_SUM for that. */
#define HEADER_LBA		1
#define HEADER_MAGIC		0	/* u32 */
#define HEADER_VERSION		4	/* u16 */
#define HEADER_BLOB_COUNT	6	/* u16: 1..BLOBS_MAX; the first has the entry */
#define HEADER_CRC		8	/* u32: CRC-32C of these 512 bytes with CRC and SUM 0 */
#define HEADER_SUM		12	/* u32 */
#define HEADER_BUILD_ID		16	/* u64: from the contents of all pieces */
#define HEADER_IMAGE_SECTORS	24	/* u32: the whole image, padding included */
#define HEADER_STAGE2_SECTORS	28	/* u16 */
#define HEADER_DIAG_SECTORS	30	/* u8: 0: none, ..DISK_CHUNK_MAX */
#define HEADER_FLAGS		31	/* u8: HEADER_FLAG_* */
#define HEADER_BLOBS		32	/* BLOBS_MAX entries of BLOB_SIZE bytes */
#define HEADER_CMDLINE		256	/* NUL-terminated, CMDLINE_MAX characters */
#define HEADER_SIZE		512

#define HEADER_MAGIC_VALUE	0x54494C46	/* "FLIT" on disk */
#define HEADER_VERSION_VALUE	1
#define HEADER_FLAG_DIAG	1	/* the command line has the word "diag" or "step" */
#define CMDLINE_MAX		255
#define CRC32C_POLYNOMIAL	0x82F63B78 /* Castagnoli's, reflected: bit 31 is x^0 */
#define STAGE2_LBA		2

/* A blob: something stage 2 loads above 1 MiB. Byte offsets. */
#define BLOB_TYPE		0	/* u32: BLOB_KERNEL, for each part of it; BLOB_MODULE */
#define BLOB_LBA		4	/* u32 */
#define BLOB_BYTES		8	/* u32: on disk, 1.. */
#define BLOB_MEMORY		12	/* u32: in memory, >= bytes; the rest is zeroed */
#define BLOB_LOAD		16	/* u32: physical address, page aligned */
#define BLOB_ENTRY		20	/* u32: entry point of the first; 0 in others */
#define BLOB_CRC		24	/* u32: CRC-32C of the bytes on disk */
#define BLOB_SIZE		28
#define BLOBS_MAX		8

#define BLOB_KERNEL		1
#define BLOB_MODULE		2

/* The diagnostics, behind stage 2, not in the table of blobs.
 * Stage 2 reads it to DISK_BUFFER, in one call, only when asked to, and calls
 * it there. Its 32-bit words sum to DIAG_SUM_VALUE. Byte offsets. */
#define DIAG_SUM		0	/* u32: chosen for that sum */
#define DIAG_ENTRY		4	/* code starts: far call, DL and DH as stage 2's */
#define DIAG_SUM_VALUE		0x47414944	/* "DIAG"; zeros don't sum to it */

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct image_blob {
	uint32_t type;
	uint32_t lba;
	uint32_t bytes;
	uint32_t memory;
	uint32_t load;
	uint32_t entry;
	uint32_t crc;
};

struct image_header {
	uint32_t magic;
	uint16_t version;
	uint16_t blob_count;
	uint32_t crc;
	uint32_t sum;
	uint64_t build_id;
	uint32_t image_sectors;
	uint16_t stage2_sectors;
	uint8_t diag_sectors;
	uint8_t flags;
	struct image_blob blobs[BLOBS_MAX];
	char cmdline[CMDLINE_MAX + 1];
};

_Static_assert(sizeof(struct image_blob) == BLOB_SIZE, "blob size");
_Static_assert(offsetof(struct image_blob, lba) == BLOB_LBA, "lba");
_Static_assert(offsetof(struct image_blob, bytes) == BLOB_BYTES, "bytes");
_Static_assert(offsetof(struct image_blob, memory) == BLOB_MEMORY, "memory");
_Static_assert(offsetof(struct image_blob, load) == BLOB_LOAD, "load");
_Static_assert(offsetof(struct image_blob, entry) == BLOB_ENTRY, "entry");
_Static_assert(offsetof(struct image_blob, crc) == BLOB_CRC, "blob crc");
_Static_assert(sizeof(struct image_header) == HEADER_SIZE, "header size");
_Static_assert(offsetof(struct image_header, version) == HEADER_VERSION,
	       "version");
_Static_assert(offsetof(struct image_header, blob_count) == HEADER_BLOB_COUNT,
	       "blob_count");
_Static_assert(offsetof(struct image_header, crc) == HEADER_CRC, "header crc");
_Static_assert(offsetof(struct image_header, sum) == HEADER_SUM, "sum");
_Static_assert(offsetof(struct image_header, build_id) == HEADER_BUILD_ID,
	       "build_id");
_Static_assert(offsetof(struct image_header, image_sectors) ==
		       HEADER_IMAGE_SECTORS,
	       "image_sectors");
_Static_assert(offsetof(struct image_header, stage2_sectors) ==
		       HEADER_STAGE2_SECTORS,
	       "stage2_sectors");
_Static_assert(offsetof(struct image_header, diag_sectors) ==
		       HEADER_DIAG_SECTORS,
	       "diag_sectors");
_Static_assert(offsetof(struct image_header, flags) == HEADER_FLAGS, "flags");
_Static_assert(offsetof(struct image_header, blobs) == HEADER_BLOBS, "blobs");
_Static_assert(offsetof(struct image_header, cmdline) == HEADER_CMDLINE,
	       "cmdline");
#endif

#endif
