/*
 * paging.h - four-level page tables, built and read (SDM 3A, "4-Level Paging
 * and 5-Level Paging").
 *
 * Tables are reached at their physical addresses: what runs this has them
 * mapped onto themselves. Nothing here touches the processor; loading CR3 and
 * flushing the TLB is the caller's. No locks.
 */
#ifndef LIB_PAGING_H
#define LIB_PAGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"

#define PAGING_LEVELS 4

struct paging {
	paddr_t root; /* the PML4, as CR3 wants it */
	paddr_t (*new_table)(void); /* a frame of zeros, 0: none left */
	void (*give_table)(paddr_t frame); /* NULL: tables stay */
	bool pages_1g, nx; /* what the CPU has */
};

/**
 * paging_map - map addresses onto physical ones
 * @virtual:	first address; like @physical and @bytes whole pages
 * @flags:	PTE_* of the pages (x86.h); PTE_NX is left out where the CPU has
 *		none; 0: the pages become absent, @physical is ignored
 *
 * What was mapped there before is replaced. Uses the largest pages that fit,
 * and splits a larger one of which only a part changes. A table whose last
 * entry becomes absent is given back. Returns false if a table was needed and
 * could not be had: then a part is mapped.
 */
bool paging_map(const struct paging *paging, vaddr_t virtual, paddr_t physical,
		uint64_t bytes, uint64_t flags);

/* The same for one page of 4 KiB, in fewer steps where its page table is there.
 * @flags is not 0. */
bool paging_map_page(const struct paging *paging, vaddr_t page, paddr_t frame,
		     uint64_t flags);

/* Make a page of 4 KiB absent, and give back tables that are empty now. Returns
 * the frame to which it led; 0: no page of that size was there. */
paddr_t paging_unmap_page(const struct paging *paging, vaddr_t page);

/**
 * paging_clear - make pages of 4 KiB absent, wherever there are any
 * @start, @end: whole pages
 * @most:	pages to be found; then it returns early
 * @gone:	called for each, when it is absent
 *
 * Returns where to go on: @end, or behind the last page that was found.
 */
vaddr_t paging_clear(const struct paging *paging, vaddr_t start, vaddr_t end,
		     uint64_t most, void (*gone)(vaddr_t page, paddr_t frame));

/* What the CPU reads on its way to an address: from the PML4 on, as far as
 * entries are present; the last one is that of the page, or not present. */
struct paging_walk {
	unsigned int levels; /* entries read, 1..PAGING_LEVELS */
	struct {
		paddr_t address; /* where the entry stands */
		uint64_t entry;
	} step[PAGING_LEVELS];
	bool unreadable; /* the last step's entry could not be read */
};

/**
 * paging_walk - follow an address through the tables
 * @read:	reads the 8 bytes of an entry, false: it can't be read
 *
 * Returns whether the address is mapped.
 */
bool paging_walk(paddr_t root, vaddr_t address,
		 bool (*read)(paddr_t from, uint64_t *entry),
		 struct paging_walk *walk);

/* Where a mapped address leads. */
paddr_t paging_physical(const struct paging_walk *walk, vaddr_t address);

/* PTE_WRITE, PTE_USER as every step allows them, PTE_NX as any step says. */
uint64_t paging_rights(const struct paging_walk *walk);

/* Bytes that an entry of a level maps: 1: 4 KiB, 2: 2 MiB, 3: 1 GiB, 4: 512
 * GiB, all of which the table below it divides. */
uint64_t paging_entry_bytes(unsigned int level);

/* Whether bits 48 to 63 repeat bit 47 (SDM 1, "Canonical Addressing"). */
bool paging_is_canonical(vaddr_t address);

#endif
