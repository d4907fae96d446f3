/*
 * elf_sections.h - what the section headers of an ELF file are asked.
 *
 * The program headers say what is loaded. Sections only tell where in the file
 * the kernel starts, and the names of things. They may be missing, or lie.
 * Files given here have passed elf_header_check().
 */
#ifndef MKIMAGE_ELF_SECTIONS_H
#define MKIMAGE_ELF_SECTIONS_H

#include "tools/file/bytes.h"

/*
 * Which bytes at the front of the file are the linker's? Without a script that
 * says otherwise, a linker puts the ELF header and the program headers into
 * the first segment, with padding behind them, or into a segment of their own.
 * They have an address then, below or beside what the kernel was linked at,
 * but nobody means to load them there.
 *
 * Returns how many bytes lie in front of the first section that takes memory
 * (SHF_ALLOC). Only headers and zeros are ever counted: if there is anything
 * else in front, or if there are no section headers to ask, the answer is 0,
 * and `*doubt` says why and what to do; it is NULL otherwise.
 */
uint64_t elf_front(struct bytes file, const char **doubt);

#define ELF_LABEL_MAX 48

/* Writes " (NAME)" of the first section with bytes in [start, end) of the file
 * that takes memory, for a message; "" if there is none. */
void elf_label(struct bytes file, uint64_t start, uint64_t end,
	       char label[ELF_LABEL_MAX]);

#endif
