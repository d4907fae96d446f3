/*
 * own_ranges.c - the memory that the loader, the kernel and its modules take.
 */
#include "own_ranges.h"

#include "boot/layout.h"

_Static_assert(MEM_LOADER + BLOB_KERNEL == MEM_KERNEL &&
		       MEM_LOADER + BLOB_MODULE == MEM_MODULE,
	       "a blob's type tells that of its memory");

static struct mem_range *add(struct mem_range *to, uint32_t base,
			     uint32_t bytes, uint32_t type)
{
	to->base = base;
	to->length = bytes;
	to->type = type;
	return to + 1;
}

size_t own_ranges(const struct image_header *header,
		  struct mem_range own[OWN_MAX])
{
	const struct image_blob *blob = header->blobs;
	struct mem_range *to = own;

	to = add(to, BIOS_DATA_ADDR, PAGE_SIZE, MEM_RESERVED);
	to = add(to, AP_PAGE_ADDR, PAGE_SIZE, MEM_AP_PAGE);
	to = add(to, HEADER_ADDR, LOADER_DATA_END - HEADER_ADDR, MEM_LOADER);
	for (int i = 0; i < header->blob_count; i++, blob++)
		to = add(to, blob->load, blob->memory, MEM_LOADER + blob->type);
	return (size_t)(to - own);
}
