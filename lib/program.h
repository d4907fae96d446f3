/*
 * program.h - is this file a program that can be run, and what goes where?
 *
 * A program is an ELF64 file for x86-64, linked at fixed addresses (ET_EXEC),
 * static. Any bytes are safe. Names of fields are those of the System V ABI,
 * "ELF-64 Object File Format". No locks, no allocation. Context: any.
 */
#ifndef LIB_PROGRAM_H
#define LIB_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM_SEGMENTS_MAX 8 /* a linker makes four or five */

/* Why it can't be run: what program_error_text() says. */
enum program_error {
	PROGRAM_OK,
	PROGRAM_NOT_ELF,
	PROGRAM_CUT, /* the file ends before what it promises */
	PROGRAM_CLASS, /* not 64 bits, little-endian */
	PROGRAM_MACHINE, /* for another processor */
	PROGRAM_RELOCATABLE, /* ET_REL or ET_DYN */
	PROGRAM_DYNAMIC, /* wants an interpreter */
	PROGRAM_EMPTY, /* nothing to load */
	PROGRAM_SEGMENTS, /* more than PROGRAM_SEGMENTS_MAX */
	PROGRAM_SHRINKS, /* p_memsz is less than p_filesz */
	PROGRAM_PLACE, /* outside the addresses for programs */
	PROGRAM_OVERLAP, /* two segments in one page */
	PROGRAM_RIGHTS, /* written and executed */
	PROGRAM_ENTRY, /* in no segment that is executed */
	PROGRAM_ERRORS
};

struct program_segment {
	uint64_t address; /* of the first byte, on any byte */
	uint64_t memory; /* bytes, 1.. */
	const uint8_t *bytes; /* in the file; zeros follow in memory */
	uint64_t size; /* of these, 0..memory */
	bool write, execute; /* not both */
};

struct program {
	uint64_t entry;
	size_t count;
	/* In order of their addresses; no two share a page. */
	struct program_segment segments[PROGRAM_SEGMENTS_MAX];
};

/**
 * program_read - judge a file
 * @low, @high:	where programs may lie: whole pages
 *
 * `program` points into the file.
 */
enum program_error program_read(const void *file, size_t size, uint64_t low,
				uint64_t high, struct program *program);

/* "this is no ELF file", ..., with what to do. */
const char *program_error_text(enum program_error error);

#endif
