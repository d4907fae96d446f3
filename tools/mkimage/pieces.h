/*
 * pieces.h - the loader that mkimage carries inside itself.
 */
#ifndef MKIMAGE_PIECES_H
#define MKIMAGE_PIECES_H

#include "tools/file/bytes.h"

/* build/bootsector.bin, stage2.bin, diag.bin and uefi.bin, as they were when
 * mkimage was built. */
struct bytes pieces_bootsector(void);
struct bytes pieces_stage2(void);
struct bytes pieces_diag(void);
struct bytes pieces_uefi(void);

#endif
