/*
 * elf_header.h - is this a file that elf.c can read?
 */
#ifndef MKIMAGE_ELF_HEADER_H
#define MKIMAGE_ELF_HEADER_H

#include "tools/file/bytes.h"
#include "tools/file/reason.h"

/* Byte offsets in the file header (System V ABI 4, "ELF Header"). */
#define E_ENTRY 24
#define E_PHOFF 32
#define E_SHOFF 40
#define E_PHNUM 56
#define E_SHENTSIZE 58
#define E_SHNUM 60
#define E_SHSTRNDX 62
#define E_SIZE 64 /* of the file header */

#define P_SIZE 56 /* of a program header */

/* ELF64, ET_EXEC, x86-64, with a table of program headers that lies within the
 * file. Returns 0, or -1 with the reason. */
int elf_header_check(struct bytes file, struct reason *reason);

#endif
