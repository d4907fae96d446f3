/*
 * stage2.h - what the 64-bit C of stage 2 shares, and what the 16-bit part
 * left for it. Everything runs once, on one CPU, with interrupts off.
 */
#ifndef STAGE2_H
#define STAGE2_H

#include <stdint.h>

#include "boot/bootinfo.h"
#include "boot/errors.h"
#include "boot/image.h"
#include "boot/layout.h"
#include "boot/x86.h"

/* Variables of the 16-bit part, each by the file that fills it. */
extern const uint8_t boot_drive, bios_drive;		/* start.asm */
extern uint64_t time_stamps[TIME_COUNT];		/* start.asm */
extern const uint8_t serial_alive, debugcon_alive;	/* console.asm */
extern const uint32_t cpu_ecx, cpu_ext_edx;		/* cpu.asm */
extern const uint8_t a20_method;			/* a20.asm */
extern const struct mem_range raw_map[MEM_RAW_MAX];	/* memory.asm */
extern const uint32_t raw_count;
extern uint32_t boot_flags;
extern const uint8_t map_source;
extern const struct boot_video video;			/* video.asm */
extern const uint8_t disk_method;			/* disk.asm */
extern const uint32_t disk_retries;
extern const char error_table[];			/* error.asm */

/* Tables and stacks, modes.asm. */
extern uint64_t gdt[], idt64[], page_tables[];
extern uint8_t stack_low[], stack_high[];

/* From long_mode.asm: report an exception and stop. fault.c */
_Noreturn void fault_report(uint32_t stub_offset, const uint64_t *stack);

/* From long_mode.asm: a kernel's entry returned. main.c */
_Noreturn void kernel_returned_report(void);

/*
 * Print error `code` with its text, on screen, COM1 and port E9h, and stop.
 * `numbers` holds a value for each '%' and a string's address for each '$'
 * of the text. report.c
 */
_Noreturn void report_error(uint8_t code, const uint64_t *numbers);

/* Call the kernel as the boot protocol says. long_mode.asm */
_Noreturn void kernel_enter(const struct boot_info *info, uint64_t entry);

#endif
