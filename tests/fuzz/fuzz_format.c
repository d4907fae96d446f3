/*
 * fuzz_format.c - kvsnprintf() and kvformat() on any format whatever.
 *
 * Input: ARGUMENTS times two bytes, then the format. Every argument is at
 * once a pointer to a string and a small integer, positive or negative: the
 * strings' addresses are multiples of 4 GiB plus or minus a little.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "format.h"

#define ARGUMENTS 8 /* each is passed three times */
#define CONVERSIONS 8 /* each takes three arguments at most */
#define STRINGS_ADDR 0x200000000000u
#define STRINGS_BYTES 4096 /* on either side of it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Text in lines of 64, the last ending with its page. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	char *low = (char *)STRINGS_ADDR - STRINGS_BYTES;

	(void)argc;
	(void)argv;
	if (mmap(low, 2 * STRINGS_BYTES, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1,
		 0) != low)
		abort();
	for (int i = 0; i < 2 * STRINGS_BYTES; i++)
		low[i] = i % 64 == 63 ? '\0' : (char)(' ' + i % 64);
	return 0;
}

/* A copy in memory of just its size, cut before one conversion too many. */
static char *copy_format(const uint8_t *data, size_t size)
{
	char *format;
	size_t length;
	int conversions = 0;

	for (length = 0; length < size; length++)
		if (data[length] == '%' && conversions++ == CONVERSIONS)
			break;
	format = malloc(length + 1);
	memcpy(format, data, length);
	format[length] = '\0';
	return format;
}

/* -32768 stands for NULL. */
static uintptr_t argument(const uint8_t *at)
{
	int16_t value = (int16_t)(at[0] | at[1] << 8);

	if (value == INT16_MIN)
		return 0;
	return STRINGS_ADDR + (uintptr_t)(value % STRINGS_BYTES);
}

struct collector {
	struct format_sink sink;
	char *text;
	size_t length;
	size_t max;
};

static void collect(const struct format_sink *sink, const char *text,
		    size_t length)
{
	struct collector *collector = (struct collector *)(uintptr_t)sink;

	if (length < 1 || length > FORMAT_PIECE ||
	    length > collector->max - collector->length)
		abort();
	memcpy(collector->text + collector->length, text, length);
	collector->length += length;
}

static void check_sink(const char *text, size_t length, const char *format, ...)
{
	struct collector collector = { { collect }, NULL, 0, length };
	va_list args;

	collector.text = malloc(length + 1);
	va_start(args, format);
	if (kvformat(&collector.sink, format, args) != (int)length)
		abort();
	va_end(args);
	if (collector.length != length ||
	    memcmp(collector.text, text, length) != 0)
		abort();
	free(collector.text);
}

static void check_buffer(const char *text, size_t length, size_t room,
			 const char *format, ...)
{
	char *buffer = malloc(room + 1);
	size_t kept = length < room ? length : room - 1;
	va_list args;

	va_start(args, format);
	if (kvsnprintf(buffer, room, format, args) != (int)length)
		abort();
	va_end(args);
	if (room && (memcmp(buffer, text, kept) != 0 || buffer[kept]))
		abort();
	free(buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uintptr_t a[ARGUMENTS];
	char *format, *text;
	size_t length;

	if (size < 2 * ARGUMENTS)
		return 0;
	for (int i = 0; i < ARGUMENTS; i++)
		a[i] = argument(data + 2 * i);
	format = copy_format(data + 2 * ARGUMENTS, size - 2 * ARGUMENTS);

#define EACH a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]
#define ALL EACH, EACH, EACH
	length = (size_t)ksnprintf(NULL, 0, format, ALL);
	text = malloc(length + 1);
	if (ksnprintf(text, length + 1, format, ALL) != (int)length)
		abort();
	check_sink(text, length, format, ALL);
	check_buffer(text, length, data[0], format, ALL);
	check_buffer(text, length, length, format, ALL);
	free(text);
	free(format);
	return 0;
}
