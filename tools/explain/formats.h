/*
 * formats.h - the formats that can be explained.
 *
 * Each explain_X() returns 0 if the image isn't an X. Otherwise it has added
 * the regions to the report and written what the image is into `title`.
 */
#ifndef EXPLAIN_FORMATS_H
#define EXPLAIN_FORMATS_H

#include "boot/layout.h"
#include "report.h"

#define TITLE_MAX 160

typedef int explain_format(struct report *report, char title[TITLE_MAX]);

explain_format explain_own; /* LBA 1 has our magic */
explain_format explain_iso; /* ISO 9660, hybrid or not */
explain_format explain_gpt; /* a GPT header at LBA 1 */
explain_format explain_fat; /* FAT in LBA 0, no partition table */
explain_format explain_mbr; /* a partition table, or any boot sector */

/* Adds LBA 0, as the boot sector of a foreign image. */
void explain_sector0(struct report *report);

/* Adds the partitions of LBA 0's table. */
void explain_partitions(struct report *report);

/* Whose boot code is in LBA 0? A name, or "of unknown make". */
const char *explain_boot_code(const uint8_t *sector);

/* Prints the fields of LBA 0 from 0x1B8 on. */
void explain_table_fields(struct report *report, const uint8_t *sector);

/* Prints the fields of a BIOS parameter block in LBA 0, from 0x03 on. */
void explain_bpb_fields(struct report *report, const uint8_t *sector);

#endif
