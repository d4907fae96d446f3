/*
 * symbol.h - which function, file and line an address belongs to.
 *
 * The table is made by tools/symtab from an ELF file's symbols and DWARF line
 * programs. Its numbers are little-endian, 32 bits where nothing else is said:
 *
 *	0	SYMBOL_MAGIC
 *	4	bytes of the whole table; the last one is 0
 *	8	base: address of the first function, 64 bits
 *	16	number of functions
 *	20	where the rows start
 *	24	where the strings start; the first one is empty
 *	28	0
 *	32	the functions in order of their addresses, each: start (from
 *		the base), size in bytes, name (from the strings' start), rows
 *		(from the rows' start)
 *
 * A function's rows say where another line begins. Each is two numbers of
 * seven bits a byte, the lowest first, bit 7 set in all but the last byte (as
 * DWARF's ULEB128): the bytes since the row before, then the step of the line,
 * folded (0, -1, 1, -2, ...) and doubled; odd when a third number follows, the
 * file's name (from the strings' start). All begin with line 0 of the empty
 * name, which means: not known. The last row stands at the function's end.
 */
#ifndef LIB_SYMBOL_H
#define LIB_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYMBOL_MAGIC 0x4D595331 /* "1SYM" */

#define SYMBOL_BYTES 4
#define SYMBOL_BASE 8
#define SYMBOL_COUNT 16
#define SYMBOL_ROWS 20
#define SYMBOL_STRINGS 24
#define SYMBOL_FUNCTIONS 32
#define SYMBOL_FUNCTION_SIZE 16

struct symbol {
	const char *function;
	uint64_t offset;   /* of the address from the function's start */
	const char *file;  /* "" if not known */
	unsigned int line; /* 0 if not known */
};

/**
 * symbol_find - look an address up
 * @table:	of `bytes` bytes, aligned in any way; any bytes are safe
 *
 * Returns false if it lies in no function, or if that is no table. The strings
 * are the table's.
 *
 * Context: any.
 */
bool symbol_find(const void *table, size_t bytes, uint64_t address,
		 struct symbol *found);

/**
 * symbol_nth - the functions of a table, one after the other
 * @n:		from 0, in order of the addresses
 *
 * The same table as symbol_find()'s. Returns false if there are no more.
 */
bool symbol_nth(const void *table, size_t bytes, size_t n, const char **name,
		uint64_t *address);

#endif
