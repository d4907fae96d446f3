/*
 * bits.h - registers as the names of the bits that are set. Context: any.
 */
#ifndef KERNEL_CPU_BITS_H
#define KERNEL_CPU_BITS_H

#include <stddef.h>
#include <stdint.h>

/**
 * bits_print - names, separated by blanks, in rows of 80 columns
 * @names:	by the number of the bit, NULL: it has none and is left out
 * @count:	of names
 * @column:	where the cursor is; further rows start at `indent`
 *
 * Returns where the cursor is then.
 */
unsigned int bits_print(uint64_t value, const char *const *names, size_t count,
			unsigned int column, unsigned int indent);

#endif
