/*
 * bench_format.c - kvsnprintf() beside the host libc's vsnprintf().
 *
 *	bench_format [JSON]
 *
 * Both in one process, in turns, on the same formats and values; ours built
 * as the kernel has it, without SSE. Prints a table of medians; JSON receives
 * a line per row.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "format.h"
#include "random.h"

/* Short turns in CPU time: what else runs here disturbs both alike. */
#define TURNS 201
#define CALLS 4096
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

static double nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double turn(const struct row *row, vsnprintf_function *function)
{
	char buffer[256];
	double start;

	formatter = function;
	start = nanoseconds();
	for (size_t i = 0; i < CALLS; i++)
		row->run(row->format, buffer, i % VALUES);
	return (nanoseconds() - start) / CALLS;
}

static int ascending(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

static double median(double *values)
{
	qsort(values, TURNS, sizeof(*values), ascending);
	return values[TURNS / 2];
}

static void measure(const struct row *row, FILE *json)
{
	double ours[TURNS], libcs[TURNS], ratio;

	turn(row, kvsnprintf);
	turn(row, vsnprintf);
	for (int i = 0; i < TURNS; i++) {
		ours[i] = turn(row, kvsnprintf);
		libcs[i] = turn(row, vsnprintf);
	}
	ratio = median(ours) / median(libcs);
	printf("%-12s %8.1f %8.1f %8.2f\n", row->name, median(ours),
	       median(libcs), ratio);
	if (json)
		fprintf(json,
			"{\"name\": \"kvsnprintf %s\", \"value\": %.2f, "
			"\"unit\": \"x\", \"most\": 1, \"beside\": "
			"{\"ours, ns\": %.1f, \"libc, ns\": %.1f}}\n",
			row->name, ratio, median(ours), median(libcs));
}

int main(int argc, char **argv)
{
	FILE *json = argc > 1 ? fopen(argv[1], "w") : NULL;

	if (argc > 1 && !json) {
		perror(argv[1]);
		return 1;
	}
	make_values();
	printf("%-12s %8s %8s %8s   (ns a call, medians of %d turns)\n",
	       "format", "ours", "libc", "ratio", TURNS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		measure(&rows[i], json);
	return json && fclose(json) ? 1 : 0;
}
