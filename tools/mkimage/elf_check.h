/*
 * elf_check.h - may the kernel's segments lie where they lie?
 *
 * All return 0, or -1 with the reason and the remedy.
 */
#ifndef MKIMAGE_ELF_CHECK_H
#define MKIMAGE_ELF_CHECK_H

#include "elf.h"

/* What a plan is made from; see elf_front(). */
struct elf_source {
	struct bytes file;
	uint64_t front; /* bytes at its start that are not the kernel's */
	const char *doubt; /* a remedy, if that can't be told */
};

/* Is a segment within the file, and within its own memory? */
int elf_check_load(const struct elf_source *source, const struct elf_load *load,
		   struct reason *reason);

/* Is it between LOAD_ADDR and LOAD_END? */
int elf_check_place(const struct elf_source *source,
		    const struct elf_load *load, struct reason *reason);

/* Is it apart from those that are in the plan? */
int elf_check_overlap(const struct elf_source *source,
		      const struct elf_plan *plan, const struct elf_load *load,
		      struct reason *reason);

/* Is there anything in the file? */
int elf_check_contents(const struct elf_plan *plan, struct reason *reason);

/* Can the loader jump to the entry? */
int elf_check_entry(const struct elf_plan *plan, struct reason *reason);

#endif
