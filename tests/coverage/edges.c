/*
 * edges.c - QEMU's execution log -> which instruction followed which.
 *
 *	edges OUT < LOG
 *
 * The log is QEMU's `-singlestep -d exec,nochain -dfilter 0x7c00+0x8400`: a
 * line per instruction of the boot stages, hundreds of megabytes a boot. OUT
 * gets a line "ENTRY FROM TO" for each pair of instructions that the first
 * CPU executed one after the other. ENTRY counts how often 0x7C00 has been
 * jumped to: a hostile BIOS starts there too, before the disk under test does.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"

#define FIRST BOOT_SECTOR_ADDR
#define SPAN (STAGE2_END - FIRST)
#define ENTRIES_MAX 4
#define NEXT_MAX 8 /* a jump has two, a ret or a fault may have more */
#define LINE_START "Trace 0: "

/* What came next, 0 where nothing did; itself where it was the last. */
static uint16_t next[ENTRIES_MAX][SPAN][NEXT_MAX];

/* `from` may be 0: nothing came before. */
static void note(unsigned int entry, uint64_t from, uint64_t to)
{
	uint16_t *known;

	if (!from)
		return;
	known = next[entry][from - FIRST];
	for (int i = 0; i < NEXT_MAX; i++) {
		if (known[i] == to)
			return;
		if (!known[i]) {
			known[i] = (uint16_t)to;
			return;
		}
	}
}

/* "Trace 0: HOST [CS BASE/ADDRESS/FLAGS/..." -> ADDRESS; 0 for other lines. */
static uint64_t address_of(const char *line)
{
	const char *at = line + strlen(LINE_START);

	if (strncmp(line, LINE_START, strlen(LINE_START)) != 0)
		return 0;
	at = strchr(at, '[');
	at = at ? strchr(at, '/') : NULL;
	return at ? strtoull(at + 1, NULL, 16) : 0;
}

static void read_log(void)
{
	char line[256];
	uint64_t from = 0;
	unsigned int entry = 0;
	bool entered = false;

	while (fgets(line, sizeof(line), stdin)) {
		uint64_t to = address_of(line);

		if (to < FIRST || to >= FIRST + SPAN)
			continue;
		if (to == FIRST && from != FIRST) {
			note(entry, from, from);
			entry += entered && entry + 1 < ENTRIES_MAX;
			entered = true;
			from = 0;
		}
		note(entry, from, to);
		from = to;
	}
	note(entry, from, from);
}

static void write_edges(FILE *out)
{
	for (unsigned int entry = 0; entry < ENTRIES_MAX; entry++)
		for (uint64_t at = 0; at < SPAN; at++)
			for (int i = 0; i < NEXT_MAX && next[entry][at][i]; i++)
				fprintf(out, "%u %" PRIx64 " %x\n", entry,
					FIRST + at, next[entry][at][i]);
}

int main(int argc, char **argv)
{
	FILE *out;

	if (argc != 2) {
		fprintf(stderr, "usage: edges OUT < LOG\n");
		return 2;
	}
	read_log();
	out = fopen(argv[1], "w");
	if (!out) {
		perror(argv[1]);
		return 1;
	}
	write_edges(out);
	return fclose(out) ? 1 : 0;
}
