#include "kernel/symbols.h"

#include "string.h"

/* link/kernel.ld */
extern const char text_start[], text_end[];
extern const char symbols_start[], symbols_end[];

bool symbols_cover(vaddr_t address)
{
	return address >= (uint64_t)text_start && address < (uint64_t)text_end;
}

bool symbols_find(vaddr_t address, struct symbol *found)
{
	return symbol_find(symbols_start, (size_t)(symbols_end - symbols_start),
			   address, found);
}

bool symbols_nth(size_t n, const char **name, vaddr_t *address)
{
	return symbol_nth(symbols_start, (size_t)(symbols_end - symbols_start),
			  n, name, address);
}

bool symbols_named(const char *name, size_t length, vaddr_t *address)
{
	const char *other;

	for (size_t n = 0; symbols_nth(n, &other, address); n++)
		if (strncmp(other, name, length) == 0 && !other[length])
			return true;
	return false;
}
