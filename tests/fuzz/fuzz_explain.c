/*
 * fuzz_explain.c - explain must survive any disk.
 *
 * The first byte chooses a format's mark to plant, so that its reader is
 * entered; the rest lies at the start of the disk and, for ISO 9660, again
 * where the volume descriptors are.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/image.h"
#include "tools/explain/explain.h"

#define DISK_SIZE 0xa000
#define ISO_DESCRIPTORS 0x8000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void plant_bpb(uint8_t *disk)
{
	put_le16(disk + 0x0b, 512);
	disk[0x0d] = 1;
	disk[0x10] = 2;
	disk[0x15] = 0xf8;
}

static void plant(uint8_t *disk, unsigned int mark)
{
	switch (mark) {
	case 1:
		put_le32(disk + 512 + HEADER_MAGIC, HEADER_MAGIC_VALUE);
		break;
	case 2:
		memcpy(disk + 512, "EFI PART", 8);
		break;
	case 3:
		for (unsigned int i = 0; i < 4; i++)
			memcpy(disk + ISO_DESCRIPTORS + i * 2048 + 1, "CD001",
			       5);
		break;
	case 4:
		plant_bpb(disk);
		break;
	case 5:
		memcpy(disk + 0x180, "GRUB ", 5);
		break;
	}
	if (mark & 1)
		memcpy(disk + BS_MAGIC, "\x55\xaa", 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *out;
	uint8_t *bytes;
	struct disk disk;
	size_t disk_size = DISK_SIZE;

	if (!out)
		out = fopen("/dev/null", "w");
	if (!out)
		abort();
	if (size < 2 || size > DISK_SIZE - ISO_DESCRIPTORS)
		return 0;
	if (!(data[0] & 0x20)) /* the disk ends where the input does */
		disk_size = size - 1;
	bytes = calloc(1, DISK_SIZE);
	if (!bytes)
		abort();
	memcpy(bytes, data + 1, size - 1);
	memcpy(bytes + ISO_DESCRIPTORS, data + 1, size - 1);
	plant(bytes, data[0] & 7);
	/* a block of its own, so that ASan sees a read behind the end */
	bytes = realloc(bytes, disk_size);
	if (!bytes)
		abort();
	disk_from_memory((struct bytes){ bytes, disk_size }, &disk);
	explain_disk(&disk, "fuzz", data[0] >> 4 & 1, out);
	free(bytes);
	return 0;
}
