/*
 * facts.h - what the diagnostics found out: look_*.c fill it in, show_*.c put
 * it into words, without the hardware.
 */
#ifndef DIAG_FACTS_H
#define DIAG_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/bootinfo.h"
#include "boot/image.h"
#include "boot/layout.h"
#include "boot/x86.h"
#include "x86/cpuid.h"

/* INT 13h AH=48h (EDD 3.0, RBIL INT 13/AH=48h), as the BIOS writes it. */
struct edd_parameters {
	uint16_t size;
	uint16_t flags;
	uint32_t cylinders;
	uint32_t heads;
	uint32_t track_sectors;
	uint32_t sectors_low;
	uint32_t sectors_high;
	uint16_t sector_bytes;
	uint16_t table_offset;
	uint16_t table_segment;
	uint16_t path_key;	/* EDD_PATH_KEY: the rest is there */
	uint8_t path_size;
	uint8_t reserved[3];
	char bus[4];		/* "PCI ", "ISA " */
	char interface[8];	/* "ATA", "SCSI", "USB", ... */
	uint8_t bus_path[8];	/* PCI: bus, slot, function */
	uint8_t device_path[8];
	uint8_t rest[12];
};
_Static_assert(offsetof(struct edd_parameters, bus) == 36 &&
		       sizeof(struct edd_parameters) == 76,
	       "as EDD 3.0 has it, with room for EDD 4.0");

#define EDD_PATH_KEY 0xBEDD
#define EDD_PARAMETERS_ASKED 74 /* bytes: EDD 3.0 and 4.0 */

/* Status bytes are AH of INT 13h; 0: it worked. */
struct drive_facts {
	uint8_t drive;		/* booted from */
	uint8_t bios_drive;	/* DL as the BIOS gave it */
	uint8_t disks;		/* how many the BIOS counts */
	uint8_t edd_status;
	uint8_t edd_version;	/* 0: no EDD */
	uint16_t edd_support;	/* bit 0: packets work */
	uint8_t parameters_status;
	struct edd_parameters parameters;
	uint8_t geometry_status;
	uint16_t cylinders, heads, track_sectors;
	uint8_t edd_read_status;	/* LBA 0 by AH=42h */
	uint8_t chs_read_status;	/* and by AH=02h */
	uint8_t memory[SECTOR_SIZE];	/* the boot sector at 0x7C00 */
	uint8_t disk[SECTOR_SIZE];	/* LBA 0 as it is now */
};

/* An answer of INT 15h about the memory's size. */
struct size_answer {
	bool told;
	uint16_t ax, bx, cx, dx;
};

struct memory_facts {
	uint16_t low_k;		/* INT 12h */
	uint16_t ebda_segment;	/* as found; see ebda_address() */
	uint8_t ebda_k;		/* its first byte: KiB */
	uint32_t low_end;	/* of usable low memory, as stage 2 counts */
	uint8_t source;		/* MAP_*; 0: nothing answered */
	bool truncated;		/* there are more than MEM_RAW_MAX entries */
	struct size_answer e801, old_88;
	size_t raw_count, clean_count;
	struct mem_range raw[MEM_RAW_MAX];
	struct mem_range clean[MEM_CLEAN_MAX];
};

/* Where the EBDA begins; 0: there is none (HW-15). */
static inline uint32_t ebda_address(const struct memory_facts *memory)
{
	if (memory->ebda_segment < EBDA_SEGMENT_MIN)
		return 0;
	return (uint32_t)memory->ebda_segment << 4;
}

struct a20_facts {
	bool was_open;		/* when stage 2 started us */
	uint8_t method;		/* A20_*; 0: nothing opens it */
	uint8_t status_answer;	/* INT 15h AX=2402h: AL, FFh: not told */
	uint8_t support_answer;	/* AX=2403h: BL, FFh: not told */
	uint8_t port_92;	/* FFh: not there */
};

struct cpu_facts {
	bool has_cpuid;
	bool is_386;		/* EFLAGS.AC can't be flipped */
	char vendor[CPUID_VENDOR_SIZE];
	char brand[CPUID_BRAND_SIZE];
	char hypervisor[CPUID_VENDOR_SIZE];	/* "": none */
	uint32_t signature;
	uint32_t edx, ecx;	/* CPUID 1 */
	uint32_t ext_edx;	/* CPUID 80000001h, 0 without it */
	bool invariant_tsc;
};

#define CRTC_REGISTERS 25

struct screen_facts {
	uint8_t mode, columns, rows, page;	/* as they were */
	uint8_t font_height;
	uint8_t active, other;	/* INT 10h AX=1A00h; 0: not told */
	uint16_t vbe;		/* version, BCD; 0: none */
	uint16_t vbe_64k;	/* video memory, blocks of 64 KiB */
	bool color_text, mono_text;	/* memory at B8000h, B0000h answers */
	uint16_t crtc;		/* its port by the BIOS; 0: none */
	uint8_t crtc_values[CRTC_REGISTERS];
};

#define NAME_SIZE 41

/* Names are SMBIOS's; "": not found. */
struct machine_facts {
	uint8_t kbc_status;	/* port 64h; FFh: not there */
	uint8_t shift_state;	/* 0040:0017 */
	uint8_t keyboard_mode;	/* 0040:0096 */
	uint16_t equipment;	/* INT 11h */
	uint16_t com_ports[4];	/* by the BIOS; 0: none */
	uint8_t pic1_mask, pic2_mask;
	uint16_t pci_version;	/* BCD; 0: no PCI BIOS */
	char bios_date[9];
	char bios_vendor[NAME_SIZE], bios_version[NAME_SIZE];
	char system_vendor[NAME_SIZE], system_name[NAME_SIZE];
};

struct facts {
	uint32_t build;		/* low half of the image's build id */
	bool serial, debugcon;
	struct drive_facts drive;
	struct memory_facts memory;
	struct a20_facts a20;
	struct cpu_facts cpu;
	struct screen_facts screen;
	struct machine_facts machine;
};

#endif
