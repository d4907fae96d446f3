/*
 * elf_parts.h - which segments of a kernel are stored together?
 */
#ifndef MKIMAGE_ELF_PARTS_H
#define MKIMAGE_ELF_PARTS_H

#include "elf.h"

/* Fills in parts and `end`; the loads, in the order of memory, and the entry
 * have been checked. Returns 0, or -1 with the reason. */
int elf_parts(struct elf_plan *plan, struct reason *reason);

#endif
