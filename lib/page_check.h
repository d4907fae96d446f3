/*
 * page_check.h - are page tables as safe as they are meant to be?
 *
 * All tables below a root are read, and all that is mapped is compared:
 *
 *	no page may be written and executed, also not by two addresses;
 *	ring 3 reaches only frames that belong to programs; the kernel, which
 *	does not execute these, may write them at their own addresses;
 *	a table is a frame handed out as a table, and counts its entries right;
 *	no address lies beyond what the CPU can have.
 *
 * The caller keeps others from changing the tables meanwhile.
 */
#ifndef LIB_PAGE_CHECK_H
#define LIB_PAGE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is wrong: what page_fault_text() says. */
enum page_violation {
	PAGE_WRITE_EXECUTE, /* one page, by one address */
	PAGE_ALIAS, /* written by one address, executed by another */
	PAGE_USER, /* ring 3 reaches what is not a program's */
	PAGE_TABLE, /* a table's frame is not a table's */
	PAGE_COUNT, /* a table counts its entries wrong */
	PAGE_BEYOND, /* a physical address that the CPU does not have */
	PAGE_UNREADABLE, /* a table that is not there */
	PAGE_TOO_MANY, /* more executable ranges than can be compared */
	PAGE_VIOLATIONS
};

struct page_finding {
	enum page_violation what;
	uint64_t address; /* virtual */
	uint64_t other; /* PAGE_ALIAS: where it is executed */
	uint64_t physical;
};

struct page_check {
	/* Read the 8 bytes of an entry; false: they can't be read. */
	bool (*read)(uint64_t from, uint64_t *entry);
	bool (*is_table)(uint64_t frame); /* handed out as a page table */
	bool (*is_program)(uint64_t frame); /* ring 3 may have it */
	uint64_t physical_end;
	bool nx; /* the CPU has it: else everything can be executed */
	/* Called for each finding. */
	void (*found)(const struct page_finding *finding);
};

/* Returns how many findings there were. */
size_t page_check(const struct page_check *check, uint64_t root);

/* The same for entries first..end - 1 of the top table. */
size_t page_check_part(const struct page_check *check, uint64_t root,
		       unsigned int first, unsigned int end);

/* "can be written and executed", ... */
const char *page_violation_text(enum page_violation what);

#endif
