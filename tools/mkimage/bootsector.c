/*
 * bootsector.c - check the pieces of the loader, patch the first.
 */
#include <string.h>

#include "boot/image.h"
#include "boot/layout.h"
#include "bootsector.h"
#include "tools/image/disk.h"
#include "tools/image/fat.h"
#include "tools/image/recognise.h"

#define JMP_SHORT 0xeb
#define JMP_SHORT_SIZE 2
#define NOP 0x90

/* The first offset in [from, to) that isn't zero, or `to`. */
static size_t first_used(const uint8_t *data, size_t from, size_t to)
{
	while (from < to && !data[from])
		from++;
	return from;
}

static int check_jump(struct bytes piece, struct reason *reason)
{
	unsigned int distance = piece.data[1]; /* signed: 0x80.. is back */

	if (piece.data[0] != JMP_SHORT || piece.data[2] != NOP)
		return refuse(reason,
			      "the boot sector starts with %02X %02X %02X, "
			      "not with EB xx 90, which BIOSes look for: "
			      "start it with jmp short and nop",
			      piece.data[0], piece.data[1], piece.data[2]);
	if (distance < BS_CODE - JMP_SHORT_SIZE || distance > INT8_MAX)
		return refuse(reason,
			      "the boot sector's first jump spans 0x%x bytes, "
			      "0x%x to 0x7f are needed: leave room for a BPB "
			      "before the code",
			      distance, BS_CODE - JMP_SHORT_SIZE);
	return 0;
}

/* Can this be code as it stands? Not if it is an ELF file, a text, or any
 * other format that has a name. */
static int check_flat(struct bytes piece, const char *name,
		      struct reason *reason)
{
	struct disk disk;
	struct recognised found;

	disk_from_memory(piece, &disk);
	found = recognise(&disk);
	switch (found.kind) {
	case KIND_DISK: /* a boot sector */
	case KIND_ZEROS:
	case KIND_EMPTY:
	case KIND_UNKNOWN:
		return 0;
	default:
		return refuse(reason,
			      "%s is %s: give code alone, as objcopy -O binary "
			      "or nasm -f bin make it",
			      name, found.what);
	}
}

int bootsector_check(struct bytes piece, struct reason *reason)
{
	size_t used;

	if (check_flat(piece, "the boot sector", reason))
		return -1;
	if (piece.size != SECTOR_SIZE)
		return refuse(reason,
			      "the boot sector has %zu bytes, %d are needed: "
			      "pad it with 'times 510-($-$$) db 0'",
			      piece.size, SECTOR_SIZE);
	if (get_le16(piece.data + BS_MAGIC) != BS_MAGIC_VALUE)
		return refuse(reason,
			      "the boot sector ends with %02X %02X, not with "
			      "55 AA: no BIOS would start it",
			      piece.data[BS_MAGIC], piece.data[BS_MAGIC + 1]);
	if (check_jump(piece, reason))
		return -1;
	used = first_used(piece.data, BS_FREE, BS_CODE);
	if (used < BS_CODE)
		return refuse(reason,
			      "the boot sector uses byte 0x%zx, but BIOSes "
			      "write a BPB into 0x%02x..0x%x: move it",
			      used, BS_FREE, BS_CODE - 1);
	used = first_used(piece.data, BS_SECTORS, BS_MAGIC);
	if (used < BS_MAGIC)
		return refuse(reason,
			      "the boot sector uses byte 0x%zx, but 0x%x..0x%x "
			      "are for sector count, disk signature and "
			      "partitions: make the code shorter",
			      used, BS_SECTORS, BS_MAGIC - 1);
	return 0;
}

int stage2_check(struct bytes piece, struct reason *reason)
{
	if (!piece.size)
		return refuse(reason, "stage 2 is empty: build it again");
	if (check_flat(piece, "stage 2", reason))
		return -1;
	if (piece.size > STAGE2_BYTES_MAX)
		return refuse(reason,
			      "stage 2 has %zu bytes, at most %d are loaded: "
			      "make it shorter",
			      piece.size, STAGE2_BYTES_MAX);
	return 0;
}

int diag_check(struct bytes piece, struct reason *reason)
{
	if (check_flat(piece, "the file of the diagnostics", reason))
		return -1;
	if (piece.size && piece.size <= DIAG_ENTRY)
		return refuse(reason,
			      "the diagnostics have %zu bytes, no code: build "
			      "them again, or say --no-diag",
			      piece.size);
	if (piece.size > DISK_CHUNK_MAX * SECTOR_SIZE)
		return refuse(reason,
			      "the diagnostics have %zu bytes, at most %d are "
			      "loaded: make them shorter, or say --no-diag",
			      piece.size, DISK_CHUNK_MAX * SECTOR_SIZE);
	return 0;
}

/* On a disk with one sector per track, track 128 would be negative. */
_Static_assert(HEADER_LBA == 1 && STAGE2_LBA == 2 &&
		       1 + STAGE2_BYTES_MAX / SECTOR_SIZE <= INT8_MAX,
	       "the boot sector reads no further than LBA 127");

void bootsector_dummy_bpb(uint8_t *sector, struct geometry geometry,
			  uint32_t image_sectors, uint32_t serial)
{
	put_le16(sector + BPB_SECTOR_BYTES, SECTOR_SIZE);
	sector[BPB_CLUSTER_SECTORS] = 8;
	sector[BPB_FATS] = 2;
	sector[BPB_MEDIA] = 0xf8; /* hard disk */
	put_le16(sector + BPB_TRACK, (uint16_t)geometry.track);
	put_le16(sector + BPB_HEADS, (uint16_t)geometry.heads);
	put_le32(sector + BPB_SECTORS_32, image_sectors);
	sector[BPB_DRIVE] = 0x80;
	sector[BPB_EXTENDED] = 0x29; /* the next three are there */
	put_le32(sector + BPB_SERIAL, serial);
	memcpy(sector + BPB_LABEL, "FIRSTLIGHT ", 11);
	memcpy(sector + BPB_TYPE, "FAT32   ", 8);
}
