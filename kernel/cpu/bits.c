#include "kernel/cpu/bits.h"

#include "kernel/console/kprintf.h"
#include "string.h"

#define COLUMNS 79

unsigned int bits_print(uint64_t value, const char *const *names, size_t count,
			unsigned int column, unsigned int indent)
{
	for (size_t bit = 0; bit < count; bit++) {
		unsigned int length;

		if (!(value >> bit & 1) || !names[bit])
			continue;
		length = 1 + (unsigned int)strlen(names[bit]);
		if (column + length > COLUMNS) {
			kprintf("\n%*s", (int)indent, "");
			column = indent;
		}
		kprintf(" %s", names[bit]);
		column += length;
	}
	return column;
}
