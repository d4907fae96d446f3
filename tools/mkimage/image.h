/*
 * image.h - compose the disk image from its pieces.
 *
 * LBA 0 boot sector | 1 header | 2.. stage 2 | diagnostics | UEFI's volume |
 * kernel | modules | zeros.
 * The format is lib/boot/image.h. Pure: no file, no print, and no clock, so
 * the same input gives the same bytes everywhere.
 */
#ifndef MKIMAGE_IMAGE_H
#define MKIMAGE_IMAGE_H

#include "boot/bootinfo.h"
#include "boot/image.h"
#include "elf.h"
#include "partition.h"
#include "tools/file/bytes.h"
#include "tools/file/reason.h"

/* What the image is made of; the caller keeps the bytes until
 * image_release(). */
struct recipe {
	struct bytes bootsector;
	struct bytes stage2;
	struct bytes diag; /* empty: an image without diagnostics */
	struct bytes uefi; /* a FAT volume's start (HW-34), or empty */
	struct bytes kernel; /* an ELF file */
	struct bytes modules[MODULES_MAX];
	unsigned int module_count;
	const char *kernel_name; /* file names, for refusals */
	const char *module_names[MODULES_MAX];
	const char *cmdline; /* "" or more */
	struct geometry geometry;
	uint8_t partition_type; /* 1..255 */
	int dummy_bpb; /* HW-4 */
	uint64_t size; /* bytes, whole MiB; 0: as small as can be */
};

/* Boot sector, header, stage 2, diagnostics, UEFI's volume, blobs, padding. */
#define IMAGE_PARTS_MAX (5 + BLOBS_MAX + 1)

/* Whole sectors of the image: `bytes`, then zeros up to `size`. */
struct part {
	const char *name; /* sorts in the order of the image */
	struct bytes bytes;
	uint64_t size;
};

/* Parts point into it: it must not be copied or moved. */
struct image {
	struct part parts[IMAGE_PARTS_MAX];
	unsigned int count;
	uint64_t size; /* bytes; the sum of all parts */
	uint32_t uefi_lba; /* of UEFI's volume, up to uefi_end */
	uint32_t uefi_end;
	uint8_t bootsector[512];
	uint8_t header[HEADER_SIZE];
	uint8_t *diag; /* with its sum made right, malloc'd, or NULL */
	uint8_t *kernel[ELF_PARTS_MAX]; /* flat load images, malloc'd or NULL */
};

/* Composes `image` from `recipe`. Returns 0, or -1 with the reason; then
 * there is nothing to release. */
int image_compose(const struct recipe *recipe, struct image *image,
		  struct reason *reason);

void image_release(struct image *image);

/* The names that parts can have, in order, so that one of an earlier image
 * can be told from a stranger; NULL beyond the last. */
const char *image_part_name(unsigned int index);

#endif
