/*
 * errors.h - every failure code of the loader, with its words.
 *
 * A '%' in a text stands for the next number, in hexadecimal, a '$' for words.
 * The text ends with what to do. docs/errors.md is generated from this file;
 * layout.h says how such a file is written.
 */
#ifndef BOOT_ERRORS_H
#define BOOT_ERRORS_H

/* The boot sector has room for a letter and the INT 13h status. */
#define BS_ERROR_READ		'R'	/* a sector can't be read, by EDD or by CHS */
#define BS_ERROR_MAGIC		'M'	/* LBA 1 is not a Firstlight header */
#define BS_ERROR_SUM		'S'	/* header or stage 2 are damaged */

/* 16-bit stage 2: the BIOS can be called, a key leads to INT 18h. */
#define E_NO_CPUID		0x10
#define E_NO_CPUID_TEXT		"the CPU has no CPUID: a 64-bit CPU is needed"
#define E_CPU_FEATURES		0x11
#define E_CPU_FEATURES_TEXT	"the CPU (signature %) lacks$: a 64-bit CPU is needed"
#define E_LOW_MEMORY		0x20
#define E_LOW_MEMORY_TEXT	"low memory ends at %, % is needed: disable option ROMs"
#define E_A20			0x21
#define E_A20_TEXT		"A20 stays closed: look for it in the BIOS setup"
#define E_NO_MAP		0x22
#define E_NO_MAP_TEXT		"the BIOS lists no memory: update it"
#define E_LOAD_RANGE		0x23
#define E_LOAD_RANGE_TEXT	"blob % needs % to %, not all of it free RAM: add RAM, link elsewhere"
#define E_HEADER_CRC		0x30
#define E_HEADER_CRC_TEXT	"the header is damaged, CRC % is not %: write the image again"
#define E_HEADER_VERSION	0x31
#define E_HEADER_VERSION_TEXT	"image version % is not %: use mkimage of this build"
#define E_BLOB_TABLE		0x32
#define E_BLOB_TABLE_TEXT	"blob % of % is impossible: make the image again"
#define E_READ			0x34
#define E_READ_TEXT		"drive % can't read LBA %, status %: write the image again"

/* 32-bit stage 2: printed in 16-bit mode, a key leads to INT 18h. */
#define E_FAULT_32		0x44
#define E_FAULT_32_TEXT		"exception % at % in 32-bit mode, code %: report this line"

/* 64-bit stage 2: the BIOS can't be called, the machine stops. */
#define E_BLOB_CRC		0x40
#define E_BLOB_CRC_TEXT		"blob % is damaged, CRC % is not %: write the image again"
#define E_KERNEL_RETURNED	0x42
#define E_KERNEL_RETURNED_TEXT	"the kernel entered at % returned: end it with a hlt loop"
#define E_FAULT			0x43
#define E_FAULT_TEXT		"exception $ at %, error code %, CR2 %: look that address up"

/* A fault while another one is reported: this letter, and no more. */
#define E_FAULT_AGAIN		'F'	/* the report of a fault has faulted itself */

/* Warnings: printed, then the boot goes on. */
#define W_DRIVE			0x50
#define W_DRIVE_TEXT		"the BIOS named drive %, booted from %"
#define W_MAP_TRUNCATED		0x51
#define W_MAP_TRUNCATED_TEXT	"more than % map entries, the rest is ignored"
#define W_DIAG_MISSING		0x52
#define W_DIAG_MISSING_TEXT	"this image has no diagnostics: make it without --no-diag"
#define W_DIAG_DAMAGED		0x53
#define W_DIAG_DAMAGED_TEXT	"the diagnostics are damaged, sum %: write the image again"
#define W_NO_TEXT		0x54
#define W_NO_TEXT_TEXT		"no text screen: use COM1"

#endif
