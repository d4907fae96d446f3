/*
 * pages.h - the kernel's page tables: what may be read, written, executed.
 *
 * Everything that is there from the start is mapped at its own address:
 *
 *	kernel's text		read, execute
 *	kernel's constants	read
 *	kernel's variables	read, write; below each stack one page is absent
 *	RAM			read, write
 *	modules, ACPI's RAM	read
 *	VGA's window		read, write, not cached
 *	the BIOS's ROM		read
 *	devices			once a driver asks for them
 *
 * From slot 256 of the top table on lie the ranges (range.h), read and written.
 * From PROGRAM_LOW on each address space has its own pages, a program's; in
 * the kernel's own tables they are absent.
 *
 * All else is absent, the page at 0 included. "Write" is forbidden to the
 * kernel too (CR0.WP); what is not text is not executed, where the CPU has
 * NX. docs/memory-map.md shows a picture.
 */
#ifndef KERNEL_MEMORY_PAGES_H
#define KERNEL_MEMORY_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "calls.h"
#include "paging.h"

/* Make the page tables, and use them on the boot processor. The CPU has pages
 * of 1 GiB, and the no-execute bit, or not. Needs frames_start(). */
void pages_start(bool pages_1g, bool nx);

/* Use them on this processor: leave the loader's. */
void pages_start_cpu(void);

/**
 * pages_map_device - make a device's registers accessible
 * @name:	the device, for people
 * @physical:	where they are, on any byte
 * @bytes:	how many
 *
 * Whole pages are mapped, not cached, for reading and writing. To map them
 * again does no harm. Returns @physical as a pointer; NULL if that is memory,
 * cannot be an address (the CPU says how many bits these have), or no frame
 * is left: a line says which. Context: any but NMI.
 */
volatile void *pages_map_device(const char *name, paddr_t physical,
				uint64_t bytes);

/**
 * pages_map_firmware - make what the firmware left in memory readable
 *
 * For ACPI tables, wherever they are. What is mapped stays as it is; the rest
 * becomes readable. Otherwise as pages_map_device(), but without a word: a
 * table that cannot be read is as one that is absent (acpi.h).
 */
const void *pages_map_firmware(paddr_t physical, uint64_t bytes);

enum pages_rights { PAGES_READ, PAGES_WRITE, PAGES_EXECUTE };

/**
 * pages_map - map an absent page of the ranges (ranges.h)
 * @page:	its address
 * @frame:	the frame it leads to
 *
 * Returns false if no frame is left for a page table. Context: any but NMI.
 */
bool pages_map(uint64_t page, uint64_t frame, enum pages_rights rights);

/* Make a page absent, for this processor's TLB as well; returns its frame,
 * which other processors may still reach until pages_shootdown(), as they may
 * page tables that are empty now. A panic if it was absent. Context: any but
 * NMI. */
paddr_t pages_unmap(vaddr_t page);

/* Let all processors forget what became absent, and give back page tables that
 * are empty. Context: any but NMI. */
void pages_shootdown(void);

/* ---- Address spaces: top tables with pages of a program ------------------ */

/* All but a program's entries are those of the kernel, in every one of them at
 * any time. */
struct pages_space {
	paddr_t root; /* for CR3 */
	struct pages_space *next;
};

/* Make one without any page of a program; false: no frame is left. */
bool pages_space_start(struct pages_space *space);

/* Release it. No processor uses it any more. */
void pages_space_end(struct pages_space *space);

/* Let ring 3 reach a frame that is FRAME_PROGRAM's at this page, which was
 * absent; false: no frame is left for a page table. */
bool pages_space_map(struct pages_space *space, vaddr_t page, paddr_t frame,
		     enum pages_rights rights);

/* Make all pages from start to end absent, and their frames free. The space is
 * this processor's, or nobody's. */
void pages_space_clear(struct pages_space *space, vaddr_t start, vaddr_t end);

/* For CR3 where no program is. */
paddr_t pages_root(void);

/* Call visit() for each space, with the tables' lock held; the sum of what it
 * returned. */
size_t pages_space_each(size_t (*visit)(paddr_t root));

/* Whether this entry of a space's top table is the kernel's. */
bool pages_space_shares(paddr_t root, unsigned int slot);

/* A program's entries of the top table. */
#define PAGES_SLOTS 512
#define PAGES_SLOT_FIRST (PROGRAM_LOW >> 39)
#define PAGES_SLOT_END ((PROGRAM_HIGH >> 39) + 1)

/* ---- What there is ------------------------------------------------------- */

/* Let ring 3 read and execute a page of the kernel's text, or not. */
void pages_let_user_execute(vaddr_t address, bool let);

/* Follow an address through the tables that the processor uses. Returns
 * whether it is mapped. Context: any; the entries may be overwritten. */
bool pages_walk(vaddr_t address, struct paging_walk *walk);

/* Read an entry of a page table, wherever it is said to be; false: it can't be
 * read. Context: any. */
bool pages_read_entry(uint64_t from, uint64_t *entry);

/* Whether pages can be forbidden to be executed. */
bool pages_have_nx(void);

#endif
