/*
 * elf_header.h - is this a file that elf.c can read?
 */
#ifndef MKIMAGE_ELF_HEADER_H
#define MKIMAGE_ELF_HEADER_H

#include "tools/file/bytes.h"
#include "tools/file/reason.h"

#define P_SIZE 56 /* of a program header */

/* ELF64, ET_EXEC, x86-64, with a table of program headers that lies within the
 * file. Returns 0, or -1 with the reason. */
int elf_header_check(struct bytes file, struct reason *reason);

#endif
