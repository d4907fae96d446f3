/*
 * bench_format.c - kvsnprintf() beside the host libc's vsnprintf().
 *
 *	bench_format [JSON]
 *
 * Both in one process, on the same formats and values; ours built as the
 * kernel has it, without SSE. What is counted are instructions, by
 * single-stepping: no clock, and nothing else that runs here, has a part in it.
 * Prints a table; JSON receives a line per row. On processors that it cannot
 * step it says so.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "format.h"
#include "random.h"
#include "steps.h"

#define CALLS 16
#define VALUES 1024 /* of each kind, a power of two */

typedef int vsnprintf_function(char *buffer, size_t size, const char *format,
			       va_list args);

static uint64_t numbers[VALUES];
static const char *texts[VALUES];

/* Volatile: the compiler must not know whom it calls. */
static vsnprintf_function *volatile formatter;

static int call(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = formatter(buffer, size, format, args);
	va_end(args);
	return length;
}

static void one_number(const char *format, char *buffer, size_t i)
{
	call(buffer, 256, format, numbers[i]);
}

static void one_text(const char *format, char *buffer, size_t i)
{
	call(buffer, 256, format, texts[i]);
}

static void memory_line(const char *format, char *buffer, size_t i)
{
	call(buffer, 256, format, numbers[i], numbers[i ^ 1], texts[i]);
}

static void event_line(const char *format, char *buffer, size_t i)
{
	call(buffer, 256, format, (int)(i & 7), texts[i], numbers[i], 'x',
	     numbers[i ^ 1]);
}

static void no_arguments(const char *format, char *buffer, size_t i)
{
	(void)i;
	call(buffer, 256, format);
}

static const struct row {
	const char *name;
	const char *format;
	void (*run)(const char *format, char *buffer, size_t i);
} rows[] = {
	{ "%d", "%d", one_number },
	{ "%ld", "%ld", one_number },
	{ "%u", "%u", one_number },
	{ "%5d", "%5d", one_number },
	{ "%x", "%x", one_number },
	{ "%08lx", "%08lx", one_number },
	{ "%016lx", "%016lx", one_number },
	{ "%#lx", "%#lx", one_number },
	{ "%o", "%o", one_number },
	{ "%c", "%c", one_number },
	{ "%p", "%p", one_number },
	{ "%s", "%s", one_text },
	{ "%-20s", "%-20s", one_text },
	{ "text", "firstlight: the kernel has what it needs\n", no_arguments },
	{ "memory line", "  %016lx + %016lx  %s\n", memory_line },
	{ "event line", "cpu%d: %s took vector %u (%c) at %#lx\n", event_line },
};

static void make_values(void)
{
	static char pool[VALUES][64];
	struct random rng = { 6 };

	for (size_t i = 0; i < VALUES; i++) {
		uint32_t length =
			random_below(&rng, random_below(&rng, 4) ? 16 : 60);

		numbers[i] = random_magnitude(&rng);
		for (uint32_t at = 0; at < length; at++)
			pool[i][at] = (char)('a' + random_below(&rng, 26));
		texts[i] = pool[i];
	}
}

/* ---- Counting -------------------------------------------------------- */

/* Instructions of a call, those around it included. */
static double count(const struct row *row, vsnprintf_function *function)
{
	char buffer[256];

	formatter = function;
	row->run(row->format, buffer, 0); /* the dynamic linker's part */
	start_steps();
	for (size_t i = 0; i < CALLS; i++)
		row->run(row->format, buffer, i);
	stop_steps();
	return (double)steps / CALLS;
}

static void measure(const struct row *row, FILE *json)
{
	double ours = count(row, kvsnprintf);
	double libc = count(row, vsnprintf);

	printf("%-12s %8.1f %8.1f %8.2f\n", row->name, ours, libc, ours / libc);
	if (json)
		fprintf(json,
			"{\"name\": \"kvsnprintf %s\", \"value\": %.2f, "
			"\"unit\": \"x libc\", \"most\": 1, \"beside\": "
			"{\"instructions\": %.1f, \"libc\": %.1f}}\n",
			row->name, ours / libc, ours, libc);
}

int main(int argc, char **argv)
{
	FILE *json = argc > 1 ? fopen(argv[1], "w") : NULL;

	if (argc > 1 && !json) {
		perror(argv[1]);
		return 1;
	}
	if (!can_step()) {
		printf("bench-format: skipped, no instructions are counted "
		       "on this processor\n");
		return json && fclose(json) ? 1 : 0;
	}
	make_values();
	printf("%-12s %8s %8s %8s   (instructions a call)\n", "format", "ours",
	       "libc", "ratio");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		measure(&rows[i], json);
	return json && fclose(json) ? 1 : 0;
}
