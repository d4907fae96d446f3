#include "kernel/symbols.h"

/* link/kernel.ld */
extern const char text_start[], text_end[];
extern const char symbols_start[], symbols_end[];

bool symbols_cover(uint64_t address)
{
	return address >= (uint64_t)text_start && address < (uint64_t)text_end;
}

bool symbols_find(uint64_t address, struct symbol *found)
{
	return symbol_find(symbols_start, (size_t)(symbols_end - symbols_start),
			   address, found);
}
