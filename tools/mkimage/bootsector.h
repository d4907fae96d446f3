/*
 * bootsector.h - check the pieces of the loader, patch the first.
 *
 * A piece is code as it stands: each check refuses what recognise() knows by
 * name, such as an ELF file or a text.
 *
 * Offsets and what must be free are those of lib/boot/image.h.
 */
#ifndef MKIMAGE_BOOTSECTOR_H
#define MKIMAGE_BOOTSECTOR_H

#include "partition.h"
#include "tools/file/bytes.h"
#include "tools/file/reason.h"

/* Is this a boot sector that mkimage may patch? 512 bytes, EB xx 90 into
 * code, 0x03..0x59 and 0x1B7..0x1FD zero, 55 AA. 0, or -1 with the reason. */
int bootsector_check(struct bytes piece, struct reason *reason);

/* Is this a stage 2? Code, from 1 to STAGE2_BYTES_MAX bytes. 0, or -1 with the
 * reason. */
int stage2_check(struct bytes piece, struct reason *reason);

/* Are these diagnostics? None at all, or more than DIAG_ENTRY bytes that
 * stage 2 can read in one call. */
int diag_check(struct bytes piece, struct reason *reason);

/*
 * Writes a BIOS parameter block into 0x0B..0x59 of `sector` (HW-4): that of a
 * hard disk of `image_sectors` with this geometry, as FAT32 has it. A BIOS
 * that wants one finds the geometry in it; a file system driver finds 0
 * reserved sectors and FATs of 0 sectors, and declines to mount. `serial` is
 * the volume's.
 */
void bootsector_dummy_bpb(uint8_t *sector, struct geometry geometry,
			  uint32_t image_sectors, uint32_t serial);

#endif
