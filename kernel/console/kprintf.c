#include "kernel/console/kprintf.h"

#include "format.h"
#include "kernel/console/console.h"
#include "kernel/device/vga.h"
#include "string.h"

#define COLUMNS 79

struct colored_sink {
	struct format_sink sink; /* first: kvformat() has its address */
	uint8_t attribute;
};

static void kprintf_write(const struct format_sink *sink, const char *text,
			  size_t length)
{
	const struct colored_sink *colored = (const void *)sink;

	console_write(colored->attribute, text, length);
}

int kvprintf_colored(uint8_t attribute, const char *format, va_list args)
{
	const struct colored_sink to = { { kprintf_write }, attribute };
	bool show;
	int length;

	{
		SPINLOCK_HOLD(&console_lock);
		length = kvformat(&to.sink, format, args);
		show = console_show_begin();
	}
	if (show)
		console_show();
	return length;
}

int kprintf_colored(uint8_t attribute, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = kvprintf_colored(attribute, format, args);
	va_end(args);
	return length;
}

int kvprintf(const char *format, va_list args)
{
	return kvprintf_colored(VGA_NORMAL, format, args);
}

int kprintf(const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = kvprintf_colored(VGA_NORMAL, format, args);
	va_end(args);
	return length;
}

unsigned int kprintf_bits(uint64_t value, const char *const *names,
			  size_t count, unsigned int column,
			  unsigned int indent)
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
