#include "user/print.h"

#include <stdarg.h>

#include "format.h"
#include "user/call.h"

static void write_piece(const struct format_sink *sink, const char *text,
			size_t length)
{
	(void)sink;
	call_write(text, length);
}

void print(const char *format, ...)
{
	static const struct format_sink sink = { write_piece };
	va_list args;

	va_start(args, format);
	kvformat(&sink, format, args);
	va_end(args);
}
