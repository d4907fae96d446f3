/*
 * iso.c - ISO 9660.
 */
#include <string.h>

#include "iso.h"

int iso_descriptor(const struct disk *disk, unsigned int index,
		   uint8_t *descriptor, size_t size)
{
	uint64_t at = (uint64_t)(ISO_DESCRIPTORS + index) * ISO_SECTOR;

	return disk_read(disk, at, descriptor, size) ||
			       memcmp(descriptor + 1, "CD001", 5) ?
		       -1 :
		       0;
}

uint64_t iso_size(const uint8_t *descriptor)
{
	return (uint64_t)get_le32(descriptor + ISO_BLOCKS) * ISO_SECTOR;
}
