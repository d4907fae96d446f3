/*
 * fuzz_elf.c - mkimage's ELF reader must survive any file and keep its word.
 *
 * The first byte chooses how the rest is read: as a file, or as a list of
 * changes to one of two good files, which get deeper sooner.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "tests/host/elf_file.h"
#include "tools/mkimage/elf.h"

/* The flat image is written only while small, to keep the runs fast. */
#define CHANGE_SIZE 9 /* an offset in units of 2 bytes, then 8 bytes */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int promise)
{
	if (!promise)
		abort();
}

static void try_file(const uint8_t *data, size_t size)
{
	struct bytes file = { data, size };
	struct reason reason = { "" };
	struct elf_plan plan;

	if (elf_plan(file, &plan, &reason))
		require(reason.text[0] != '\0');
	else
		require(elf_file_kept(file, &plan));
}

static void try_changes(uint8_t *file, const uint8_t *changes, size_t size)
{
	for (; size >= CHANGE_SIZE; size -= CHANGE_SIZE) {
		memcpy(file + 2 * changes[0], changes + 1, 8);
		changes += CHANGE_SIZE;
	}
	try_file(file, ELF_FILE_SIZE);
	free(file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size && data[0] & 1)
		try_changes(elf_file_make(), data + 1, size - 1);
	else if (size && data[0] & 2)
		try_changes(elf_file_linked(), data + 1, size - 1);
	else if (size)
		try_file(data + 1, size - 1);
	return 0;
}
