/*
 * archive.h - where programs come from: a tar archive, the first module that
 * came with the kernel (lib/tar.h). A program is a file in it (lib/program.h);
 * beside it may be NAME.symbols, the table of its functions and lines that
 * tools/symtab makes.
 *
 * Context: any, after archive_start().
 */
#ifndef KERNEL_PROCESS_ARCHIVE_H
#define KERNEL_PROCESS_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "boot/bootinfo.h"

/* Take the first module, if there is one. Once. */
void archive_start(const struct boot_info *info);

/* The n-th file that is a program, from 0; NULL: there are no more. */
const char *archive_program(size_t n);

/* What is wrong with the archive; NULL: nothing. */
const char *archive_why_not(void);

/* The bytes of a file; NULL: there is none of this name. */
const void *archive_find(const char *name, size_t *bytes);

/* The symbol table that came with a program; NULL: none. */
const void *archive_symbols(const char *name, size_t *bytes);

/* Whether there is an archive, good or bad. */
bool archive_exists(void);

#endif
