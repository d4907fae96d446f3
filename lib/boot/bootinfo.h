/*
 * bootinfo.h - what the loader tells the kernel (boot protocol, version 1).
 *
 * The kernel's entry is called as
 *
 *	void _start(const struct boot_info *info);
 *
 * docs/boot-protocol.md is generated from this file and says what else holds
 * at that moment. Fields are only ever added at the end: a reader checks
 * magic and version, and that `size` covers the field it wants. All addresses
 * are physical and identity-mapped. It is C99 and C++. layout.h says how such a
 * file is written; stage2/main.c checks the layout of the structures.
 */
#ifndef BOOT_BOOTINFO_H
#define BOOT_BOOTINFO_H

#define BOOT_INFO_MAGIC		0x4F464E49544F4F42	/* "BOOTINFO" */
#define BOOT_INFO_VERSION	1

/* mem_range.type: 1..5 as in ACPI's E820 (RBIL INT 15/AX=E820h), then ours. */
#define MEM_USABLE		1
#define MEM_RESERVED		2
#define MEM_ACPI		3	/* usable once ACPI tables were read */
#define MEM_NVS			4
#define MEM_BAD			5
#define MEM_LOADER		0x1001	/* GDT, IDT, page tables, stack, boot_info: reclaimable */
#define MEM_KERNEL		0x1002
#define MEM_MODULE		0x1003
#define MEM_AP_PAGE		0x1004	/* kept free below 1 MiB for starting CPUs */

/* mem_range.attributes (ACPI 3.0): an entry without bit 0 is to be ignored. */
#define MEM_ATTR_PRESENT	1
#define MEM_ATTR_NONVOLATILE	2

#define MEM_RAW_MAX		128	/* entries kept of the BIOS's map (HW-24) */
#define MEM_CLEAN_MAX		288	/* a clean map never has more entries */

/* boot_info.map_source: which BIOS call told it (HW-24). */
#define MAP_E820		1
#define MAP_E801		2
#define MAP_88			3

/* boot_info.a20_method: what opened A20 (HW-23). */
#define A20_WAS_OPEN		1
#define A20_BIOS		2	/* INT 15h AX=2401h */
#define A20_PORT_92		3
#define A20_KEYBOARD		4

/* boot_info.disk_method: how the sectors came (HW-16). */
#define DISK_EDD		1	/* INT 13h AH=42h */
#define DISK_CHS		2	/* INT 13h AH=02h */

/* boot_info.cpu_flags: what the kernel may switch on. */
#define CPU_NX			1
#define CPU_PAGES_1G		2
#define CPU_SSE42		4
#define CPU_INVARIANT_TSC	8

/* boot_info.flags */
#define BOOT_MAP_TRUNCATED	1	/* the BIOS listed more than MEM_RAW_MAX */
#define BOOT_DRIVE_GUESSED	2	/* booted from another drive than the BIOS's DL (HW-12) */

/* Indices of boot_info.time_stamps: TSC when the step was done. */
#define TIME_STAGE2		0	/* CPU checked; the first TSC we may read */
#define TIME_A20		1
#define TIME_MEMORY		2	/* memory map and video state recorded */
#define TIME_LOADED		3	/* every blob read and copied up */
#define TIME_LONG_MODE		4	/* first 64-bit instruction */
#define TIME_VERIFIED		5	/* every CRC-32C checked */
#define TIME_KERNEL		6	/* last before the jump */
#define TIME_COUNT		7

#define MODULES_MAX		7

/* struct boot_video, byte offsets. */
#define VIDEO_TEXT_BASE		0	/* u64 */
#define VIDEO_BIOS_MODE		8	/* u8 */
#define VIDEO_COLUMNS		9	/* u8 */
#define VIDEO_ROWS		10	/* u8 */
#define VIDEO_CURSOR		11	/* u8 column, u8 row */
#define VIDEO_SIZE		16

#ifndef __ASSEMBLER__
#include <stdint.h>

struct mem_range {
	uint64_t base;
	uint64_t length;	/* bytes */
	uint32_t type;		/* MEM_* */
	uint32_t attributes;	/* MEM_ATTR_*; 0 in a clean map */
};

struct boot_range {
	uint64_t base;
	uint64_t bytes;		/* as loaded from disk */
	uint64_t memory;	/* as occupied: bytes, then zeros */
};

struct boot_video {
	uint64_t text_base;	/* 0xB8000, 0xB0000, or 0: no text screen */
	uint8_t bios_mode;	/* INT 10h mode in force: 3, 7, or what was found */
	uint8_t columns;
	uint8_t rows;
	uint8_t cursor_column;	/* where the BIOS left the cursor */
	uint8_t cursor_row;
	uint8_t reserved[3];
};

struct boot_info {
	uint64_t magic;		/* BOOT_INFO_MAGIC */
	uint32_t version;	/* BOOT_INFO_VERSION */
	uint32_t size;		/* bytes of this structure in the loader */
	uint64_t build_id;	/* of the image */
	uint32_t disk_signature;/* the one at 0x1B8 of LBA 0 */
	uint32_t flags;		/* BOOT_* */
	uint8_t boot_drive;	/* INT 13h number used: 0x80.., or 0x00.. for a floppy */
	uint8_t bios_drive;	/* DL as the BIOS gave it */
	uint8_t disk_method;	/* DISK_* of the last chunk */
	uint8_t a20_method;	/* A20_* */
	uint8_t map_source;	/* MAP_* */
	uint8_t reserved[3];
	uint32_t cpu_flags;	/* CPU_* */
	uint32_t disk_retries;	/* reads that had to be repeated */
	uint64_t rsdp;		/* ACPI root pointer, 0: none found */
	uint64_t command_line;	/* char *, NUL-terminated, never 0 */
	uint64_t raw_map;	/* struct mem_range *, as the BIOS listed it */
	uint64_t clean_map;	/* struct mem_range *, sorted, disjoint, whole pages */
	uint32_t raw_count;
	uint32_t clean_count;
	struct boot_range kernel; /* the part with the entry; clean_map has all parts */
	uint64_t kernel_entry;
	uint32_t kernel_crc;	/* CRC-32C, checked */
	uint32_t module_count;	/* 0..MODULES_MAX */
	struct boot_range modules[MODULES_MAX]; /* in the order given to mkimage */
	struct boot_video video;
	uint64_t time_stamps[TIME_COUNT]; /* TSC ticks */
	uint64_t gdt;		/* the loader's, in MEM_LOADER like the next four */
	uint64_t idt;
	uint64_t page_tables;	/* CR3 */
	uint64_t stack_low;	/* the kernel's first stack: [low, high) */
	uint64_t stack_high;
	uint64_t ap_page;	/* 4 KiB below 1 MiB, free, for starting CPUs */
};
#endif

#endif
