/*
 * doubt.h - what speaks against writing this, though it is allowed?
 *
 * A stick that does not boot is said to be "the wrong PC", "Secure Boot" or "a
 * fake" before somebody looks at what was written. So it is looked at first.
 * The answers are sentences that go on behind a name, and say what to do.
 */
#ifndef USBWRITE_DOUBT_H
#define USBWRITE_DOUBT_H

#include "drive.h"
#include "tools/image/disk.h"

/* Will a BIOS start this image, as far as its bytes tell? Is all of it there?
 * 0, or -1 with the reason. */
int doubt_image(const struct disk *image, struct reason *reason);

/* Will a BIOS start this disk, whatever is on it? 0, or -1 with the reason. */
int doubt_drive(const struct drive *drive, struct reason *reason);

#endif
