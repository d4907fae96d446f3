/*
 * reason.c - why something was refused.
 */
#include <stdarg.h>
#include <stdio.h>

#include "reason.h"

int refuse(struct reason *reason, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason->text, sizeof(reason->text), format, arguments);
	va_end(arguments);
	return -1;
}

int refuse_memory(struct reason *reason)
{
	return refuse(reason, "no memory: end other programs");
}
