/*
 * recognise.h - what is in this file? Asked before it is judged or written.
 *
 * A file is known by marks that its format prescribes, at the start, at a
 * fixed place, or at the end; its name does not matter. Nothing is checked
 * beyond that, and any bytes are safe.
 */
#ifndef IMAGE_RECOGNISE_H
#define IMAGE_RECOGNISE_H

#include "disk.h"

enum kind {
	KIND_OWN, /* an image that mkimage made, whole or not */
	KIND_DISK, /* a raw disk: LBA 0 ends with 55 AA */
	KIND_CD, /* ISO 9660, and LBA 0 does not end with 55 AA */
	KIND_CONTAINER, /* a disk, but not as its sectors follow each other */
	KIND_PACKED, /* compressed, or an archive */
	KIND_PROGRAM, /* code for a linker, a loader or an interpreter */
	KIND_DOCUMENT, /* text, a picture */
	KIND_ZEROS, /* nothing else */
	KIND_EMPTY,
	KIND_UNKNOWN,
};

struct recognised {
	enum kind kind;
	const char *what; /* with its article, as in "a ZIP archive" */
	const char *remedy; /* how to come to a raw disk image; NULL: it is */
};

struct recognised recognise(const struct disk *disk);

#endif
