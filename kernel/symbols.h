/*
 * symbols.h - places in the source: the one where HERE is written, and those of
 * addresses, by the kernel's own table of functions, files and lines (made by
 * tools/symtab, linked in as the last of the constants).
 *
 * Context: any.
 */
#ifndef KERNEL_SYMBOLS_H
#define KERNEL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "symbol.h"

/* For locks and the panic page. */
struct place {
	const char *file;
	const char *function;
	int line;
};

/* A pointer to the place where it is written. */
#define HERE                                                            \
	__extension__({                                                 \
		static const struct place here_ = { __FILE__, __func__, \
						    __LINE__ };         \
		&here_;                                                 \
	})

/* Whether the address lies in the kernel's code. */
bool symbols_cover(vaddr_t address);

/* What the address belongs to; false: no function of the kernel, or a kernel
 * without a table (the first of its two links). */
bool symbols_find(vaddr_t address, struct symbol *found);

/* The n-th function of the kernel, from 0, and where it starts; false: there
 * are no more. */
bool symbols_nth(size_t n, const char **name, vaddr_t *address);

/* Where the function of this name starts, the first one if there are several;
 * `length` characters count. False: there is none. */
bool symbols_named(const char *name, size_t length, vaddr_t *address);

#endif
