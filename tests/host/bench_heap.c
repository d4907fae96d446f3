/*
 * bench_heap.c - the heap beside the host libc's malloc(), on recorded traces.
 *
 *	bench_heap JSON TRACE...
 *
 * A trace is what a program has asked malloc() for: tests/bench/trace_malloc.c
 * records it. Both are built for the same processor and do the same; ours as
 * the kernel has it, with a processor's cache in front, but without switching
 * interrupts off. What is counted are instructions (steps.h), those of reading
 * the trace taken off. Prints a table; JSON receives a line per row. On
 * processors that it cannot step it says so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "heap_cache.h"
#include "steps.h"

#define LINES_MAX 4000
#define PAGES 1024

struct allocator {
	void *(*take)(size_t bytes);
	void (*release)(void *block);
};

/* ---- Ours ---------------------------------------------------------------- */

static char pages[PAGES][PAGE_SIZE] __attribute__((aligned(PAGE_SIZE)));
static void *free_pages[PAGES];
static size_t free_count;
static struct heap heap;
static struct heap_cache cache = { .most = HEAP_KEPT_MAX };

static void *take_page(void)
{
	return free_count ? free_pages[--free_count] : NULL;
}

static void give_page(void *page)
{
	free_pages[free_count++] = page;
}

static bool is_heap(const void *address)
{
	return (uint64_t)address - (uint64_t)pages < sizeof(pages);
}

static void start_ours(void)
{
	static const struct heap_pages from = { take_page, give_page, is_heap };

	for (size_t i = 0; i < PAGES; i++)
		give_page(pages[i]);
	heap_start(&heap, &from);
}

static void *take_ours(size_t bytes)
{
	void *block = heap_cache_take(&cache, bytes, 1);

	return block ? block : heap_take(&heap, bytes, 1);
}

static void release_ours(void *block)
{
	if (!is_heap(block) || !heap_cache_give(&cache, block, 1))
		heap_release(&heap, block, 1);
}

/* ---- None: what reading the trace costs ---------------------------------- */

static void *take_none(size_t bytes)
{
	return pages[0] + bytes;
}

static void release_none(void *block)
{
	(void)block;
}

/* ---- Traces -------------------------------------------------------------- */

static struct line {
	long number; /* bytes; or, if `releases`, the line that took it */
	bool releases;
	void *block; /* not released yet */
} lines[LINES_MAX];
static size_t line_count;

static int read_trace(const char *path)
{
	FILE *file = fopen(path, "r");
	char text[32];

	if (!file) {
		perror(path);
		return 0;
	}
	for (line_count = 0;
	     line_count < LINES_MAX && fgets(text, sizeof(text), file);
	     line_count++) {
		struct line *line = &lines[line_count];

		line->releases = text[0] == '-';
		line->number = strtol(text + line->releases, NULL, 10);
		line->block = NULL;
		if (line->number < 0 ||
		    line->number > (line->releases ? (long)line_count - 1 :
						     HEAP_SMALL_MAX)) {
			fprintf(stderr, "%s:%zu: no size and no line: %s", path,
				line_count + 1, text);
			fclose(file);
			return 0;
		}
	}
	fclose(file);
	return 1;
}

static void replay(const struct allocator *by)
{
	for (size_t i = 0; i < line_count; i++) {
		struct line *line = &lines[i];

		if (line->releases) {
			by->release(lines[line->number].block);
			lines[line->number].block = NULL;
		} else {
			line->block = by->take((size_t)line->number);
		}
	}
}

/* Instructions a line, once everything is in use that will be. */
static double count(void *(*take)(size_t), void (*release)(void *))
{
	const struct allocator by = { take, release };

	for (int round = 0; round < 2; round++) {
		if (round)
			start_steps();
		replay(&by);
		if (round)
			stop_steps();
		for (size_t i = 0; i < line_count; i++) {
			if (lines[i].block)
				release(lines[i].block);
			lines[i].block = NULL;
		}
	}
	return (double)steps / (double)line_count;
}

static void measure(const char *path, FILE *json)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	double none = count(take_none, release_none);
	double ours = count(take_ours, release_ours) - none;
	double libc = count(malloc, free) - none;

	printf("%-16s %8.1f %8.1f %8.2f\n", name, ours, libc, ours / libc);
	fprintf(json,
		"{\"name\": \"heap, %s\", \"value\": %.2f, "
		"\"unit\": \"x libc\", \"most\": 1.5, \"beside\": "
		"{\"instructions\": %.1f, \"libc\": %.1f}}\n",
		name, ours / libc, ours, libc);
}

int main(int argc, char **argv)
{
	FILE *json = argc > 2 ? fopen(argv[1], "w") : NULL;

	if (!json) {
		fprintf(stderr, "usage: bench_heap JSON TRACE...\n");
		return 1;
	}
	if (!can_step()) {
		printf("bench-heap: skipped, no instructions are counted on "
		       "this processor\n");
		return fclose(json) != 0;
	}
	start_ours();
	printf("%-16s %8s %8s %8s   (instructions a call)\n", "trace", "ours",
	       "libc", "ratio");
	for (int i = 2; i < argc; i++) {
		if (!read_trace(argv[i]))
			return 1;
		measure(argv[i], json);
	}
	return fclose(json) != 0;
}
