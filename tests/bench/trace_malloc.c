/*
 * trace_malloc.c - records what a program asks malloc() for, for the benchmark
 * of the heap (tests/host/bench_heap.c).
 *
 *	cc -O2 -fPIC -shared -o trace_malloc.so tests/bench/trace_malloc.c
 *	LD_PRELOAD=$PWD/trace_malloc.so TRACE=3 PROGRAM 3> PROGRAM.trace
 *
 * TRACE is a file descriptor. A line "SIZE" is a block of at most 1024 bytes,
 * "-NUMBER" releases the block that line NUMBER took, counted from 0. calloc()
 * is recorded as malloc(), realloc() as a new block and the release of the old
 * one. Larger blocks are not recorded, nor is anything beyond LINES_MAX.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINES_MAX 4000
#define SMALL_MAX 1024

static void *taken[LINES_MAX]; /* by the line that took it; NULL: released */
static int lines;

static int output = -1;

__attribute__((constructor)) static void find_output(void)
{
	const char *trace = getenv("TRACE");

	if (trace)
		output = atoi(trace);
}

static void print(const char *sign, size_t number)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%s%zu\n", sign, number);

	if (write(output, text, (size_t)length) != length)
		_exit(1);
}

static void note_taken(void *block, size_t bytes)
{
	if (!block || bytes > SMALL_MAX || lines == LINES_MAX || output < 0)
		return;
	taken[lines++] = block;
	print("", bytes);
}

static void note_released(void *block)
{
	for (int i = lines - 1; block && i >= 0 && lines < LINES_MAX; i--) {
		if (taken[i] != block)
			continue;
		taken[i] = NULL;
		taken[lines++] = NULL;
		print("-", (size_t)i);
		return;
	}
}

void *malloc(size_t bytes)
{
	static void *(*next)(size_t);
	void *block;

	if (!next)
		next = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	block = next(bytes);
	note_taken(block, bytes);
	return block;
}

void *calloc(size_t count, size_t bytes)
{
	static void *(*next)(size_t, size_t);
	void *block;

	if (!next)
		next = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	block = next(count, bytes);
	note_taken(block, count * bytes);
	return block;
}

void *realloc(void *old, size_t bytes)
{
	static void *(*next)(void *, size_t);
	void *block;

	if (!next)
		next = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	block = next(old, bytes);
	note_released(old);
	note_taken(block, bytes);
	return block;
}

void free(void *block)
{
	static void (*next)(void *);

	if (!next)
		next = (void (*)(void *))dlsym(RTLD_NEXT, "free");
	note_released(block);
	next(block);
}
