/*
 * fuzz_archive.c - hostile archives, and hostile programs in them.
 *
 * Input: an option byte, then an archive; bit 0: its headers' checksums are
 * mended first, so that changed ones get past them; bit 1: a program alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "tar.h"

#define LOW 0x400000000000
#define HIGH 0x800000000000
#define BLOCK 512

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void mend_checksums(uint8_t *bytes, size_t size)
{
	for (size_t at = 0; at + BLOCK <= size; at += BLOCK) {
		uint8_t *header = bytes + at;
		unsigned int sum = 0;

		memset(header + 148, ' ', 8);
		memcpy(header + 257, "ustar", 5);
		for (int i = 0; i < BLOCK; i++)
			sum += header[i];
		snprintf((char *)header + 148, 8, "%06o", sum);
	}
}

/* What is promised of a program that is taken. */
static void try_program(const uint8_t *bytes, size_t size)
{
	struct program program;
	uint64_t end = LOW;

	if (program_read(bytes, size, LOW, HIGH, &program) != PROGRAM_OK)
		return;
	check(program.count > 0 && program.count <= PROGRAM_SEGMENTS_MAX);
	for (size_t i = 0; i < program.count; i++) {
		const struct program_segment *segment = &program.segments[i];

		check(segment->memory && segment->size <= segment->memory);
		check(!(segment->write && segment->execute));
		check((segment->address & ~0xFFFULL) >= end);
		check(segment->memory <= HIGH - segment->address);
		end = (segment->address + segment->memory + 0xFFF) & ~0xFFFULL;
		check(segment->bytes >= bytes &&
		      segment->bytes + segment->size <= bytes + size);
	}
}

static void try_archive(const uint8_t *bytes, size_t size)
{
	struct tar_file file;
	struct tar tar;
	size_t before = 0;

	tar_start(&tar, bytes, size);
	while (tar_next(&tar, &file) == TAR_OK) {
		check(strlen(file.name) <= TAR_NAME_MAX);
		check(file.bytes >= bytes &&
		      file.bytes + file.size <= bytes + size);
		check(tar.at > before && tar.at <= size);
		before = tar.at;
		try_program(file.bytes, file.size);
	}
	check(tar.at <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *bytes;

	if (!size)
		return 0;
	/* A copy of its own, so that a byte too far is seen. */
	bytes = malloc(size > 1 ? size - 1 : 1);
	check(bytes);
	memcpy(bytes, data + 1, size - 1);
	if (data[0] & 2) {
		try_program(bytes, size - 1);
	} else {
		if (data[0] & 1)
			mend_checksums(bytes, size - 1);
		try_archive(bytes, size - 1);
	}
	free(bytes);
	return 0;
}
