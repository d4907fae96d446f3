/*
 * code.h - the diagnostics as one line for a bug report.
 *
 *	FL2-xxxxx-xxxxx-...	CODE_DIGITS digits in groups of five
 *
 * Digits are those of Crockford's base 32: no I, L, O and U, so that a line
 * copied from a screen by hand stays readable; when read, case does not
 * matter, O is 0, I and L are 1. The fields follow each other without gaps,
 * each with its highest bit first; the last 20 bits are the CRC-32C's low
 * ones, over the bytes before. Hardware-free: encoded in real mode, decoded
 * on the host by tools/diag-decode. Any context.
 */
#ifndef DIAG_CODE_H
#define DIAG_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* FIELD(name, bits, what it means). Who changes it changes CODE_PREFIX. */
#define CODE_FIELDS(FIELD)                                                     \
	FIELD(build, 32, "low half of the image's build id")                   \
	FIELD(bios_drive, 8, "DL as the BIOS gave it")                         \
	FIELD(drive, 8, "drive that was booted from")                          \
	FIELD(edd_version, 8, "EDD version, 0: no EDD")                        \
	FIELD(edd_support, 3, "EDD support bits, 1: packets")                  \
	FIELD(edd_read, 8, "INT 13h status, LBA 0 by EDD")                     \
	FIELD(chs_read, 8, "INT 13h status, LBA 0 by CHS")                     \
	FIELD(parameters, 8, "INT 13h status of AH=48h")                       \
	FIELD(sector_bytes, 13, "bytes a sector, by AH=48h")                   \
	FIELD(cylinders, 11, "cylinders by AH=08h, 0: refused")                \
	FIELD(heads, 9, "heads by AH=08h")                                     \
	FIELD(track_sectors, 6, "sectors a track by AH=08h")                   \
	FIELD(bpb_changed, 1, "bytes 03h-59h differ from the disk's")          \
	FIELD(low_k, 10, "KiB of low memory, INT 12h")                         \
	FIELD(ebda_segment, 16, "word at 0040:000E, the EBDA's segment")       \
	FIELD(map_source, 2, "1: E820h, 2: E801h, 3: 88h, 0: none")            \
	FIELD(listed, 9, "entries of the map, 129: more than 128")                          \
	FIELD(usable_mib, 20, "usable MiB in the clean map")                   \
	FIELD(a20_open, 1, "A20 was open")                                     \
	FIELD(a20_method, 3, "A20: 1 open, 2 BIOS, 3 port 92h, 4 KBC, 0 none") \
	FIELD(cpuid, 1, "the CPU has CPUID")                                   \
	FIELD(signature, 32, "CPUID 1 EAX")                                    \
	FIELD(lacks, 11, "needed features that are missing")                    \
	FIELD(offers, 4, "1: NX, 2: 1 GiB pages, 4: SSE4.2, 8: steady TSC")    \
	FIELD(video_mode, 7, "INT 10h mode as it was")                         \
	FIELD(columns, 9, "columns of text, 0: no video BIOS")                 \
	FIELD(rows, 7, "rows of text")                                         \
	FIELD(adapter, 5, "display combination code, 8: colour VGA")           \
	FIELD(kbc_status, 8, "port 64h, FFh: no keyboard controller")          \
	FIELD(serial, 1, "COM1 is there")                                      \
	FIELD(debugcon, 1, "port E9h is there")

#define CODE_PREFIX "FL2"
#define CODE_DIGITS 60
#define CODE_GROUP 5
#define CODE_CRC_BITS 20
#define CODE_DATA_BYTES ((CODE_DIGITS * 5 - CODE_CRC_BITS) / 8)
#define CODE_TEXT_MAX                                                          \
	(sizeof(CODE_PREFIX) + CODE_DIGITS + CODE_DIGITS / CODE_GROUP)

#define CODE_MEMBER(name, bits, what) uint32_t name;
struct code {
	CODE_FIELDS(CODE_MEMBER)
};
#undef CODE_MEMBER

/* Writes the line, NUL-terminated. A number that is too large for its field
 * becomes the field's largest. */
void code_write(const struct code *code, char text[CODE_TEXT_MAX]);

/* Reads a line; blanks and other characters at its ends do not matter.
 * Returns NULL, or what is wrong with it. */
const char *code_read(const char *text, struct code *code);

/* The needed features of CPUID 1 EDX; long mode is one more. */
#define CODE_NEEDS(NEED)                                      \
	NEED(FPU)                                              \
	NEED(TSC)                                              \
	NEED(MSR)                                              \
	NEED(PAE)                                              \
	NEED(CX8)                                              \
	NEED(CMOV)                                             \
	NEED(MMX)                                              \
	NEED(FXSR)                                             \
	NEED(SSE)                                              \
	NEED(SSE2)

/* Their names, a bit of `lacks` each from the lowest on; NULL behind the
 * last. */
const char *code_feature(unsigned int index);

#endif
