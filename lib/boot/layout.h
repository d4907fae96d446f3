/*
 * layout.h - what lies where in memory.
 *
 * Read by C, by the linker scripts (through the preprocessor) and by NASM
 * (through tools/h2inc): only "#define NAME value" outside C-only blocks.
 * docs/memory-map.md is generated from the tables below.
 *
 * All 16-bit code runs with every segment 0, so what it touches by name lies
 * below 64 KiB; what only 32- and 64-bit code touches lies above the disk
 * buffer. Each range is [X_ADDR, X_END).
 */
#ifndef BOOT_LAYOUT_H
#define BOOT_LAYOUT_H

/* The BIOS's own: interrupt vectors, its data area, DOS-era scratch. */
#define BIOS_DATA_ADDR		0x0
#define BIOS_DATA_END		0x600

/* One page that the loader never writes: the kernel starts other CPUs here. */
#define AP_PAGE_ADDR		0x1000
#define AP_PAGE_END		0x2000

/* Stack of all 16-bit code, growing down from the boot sector (HW-14). */
#define REAL_STACK_ADDR		0x2000
#define REAL_STACK_END		0x7C00

/* LBA 0, put here by the BIOS. */
#define BOOT_SECTOR_ADDR	0x7C00
#define BOOT_SECTOR_END		0x7E00

/* LBA 1, the image header; the kernel reads its command line there. */
#define HEADER_ADDR		0x7E00
#define HEADER_END		0x8000

/* Stage 2 as on disk, then its 16-bit variables, placed by the linker. */
#define STAGE2_ADDR		0x8000
#define STAGE2_END		0x10000

/* Every sector read by stage 2 passes through here. One call's worth, on a
 * 64 KiB bound so that no DMA crosses one (HW-18). */
#define DISK_BUFFER_ADDR	0x10000
#define DISK_BUFFER_END		0x18000

/* The kernel's first stack and its guard, page tables, boot_info and the clean
 * map: the loader's variables that only 32- and 64-bit code touches, placed by
 * the linker. */
#define LOADER_DATA_ADDR	0x18000
#define LOADER_DATA_END		0x38000

/* Step mode, if asked for: a copy of the diagnostics, which stops the boot at
 * its milestones, up to the last BIOS call. */
#define STEP_ADDR		0x40000
#define STEP_END		0x50000

/* Where text appears: colour and monochrome adapters, then the end of the
 * window they share with graphics memory. */
#define VGA_WINDOW_ADDR		0xA0000
#define VGA_MONO_ADDR		0xB0000
#define VGA_TEXT_ADDR		0xB8000
#define VGA_WINDOW_END		0xC0000

/* Where the BIOS keeps its tables (RSDP search). */
#define BIOS_ROM_ADDR		0xE0000
#define BIOS_ROM_END		0x100000

/* Kernels and modules: mkimage refuses what does not lie in here. */
#define LOAD_ADDR		0x100000
#define LOAD_END		0x100000000

/* Not addresses. */
#define SECTOR_SIZE		512	/* bytes; nothing else boots (HW-7) */
#define PAGE_SIZE		4096	/* bytes */
#define STAGE2_BYTES_MAX	0x6C00	/* on disk; its 16-bit variables follow it */
#define LOADER_BYTES_SHIPPED	8192	/* boot sector and stage 2, as released */
#define KERNEL_STACK_MIN	0x10000	/* bytes the kernel may count on */
#define DISK_CHUNK_MAX		64	/* sectors per BIOS call (HW-18) */
#define STUB_SIZE		5	/* bytes of the loader's exception stubs: near calls */

#endif
