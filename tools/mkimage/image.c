/*
 * image.c - compose the disk image from its pieces.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "boot/layout.h"
#include "bootsector.h"
#include "crc32c.h"
#include "elf.h"
#include "image.h"

_Static_assert(SECTOR_SIZE == sizeof(((struct image *)NULL)->bootsector),
	       "a boot sector is a sector");
_Static_assert(1 + MODULES_MAX == BLOBS_MAX, "a kernel and its modules");
_Static_assert(ELF_PARTS_MAX == BLOBS_MAX, "a kernel in as many parts");

/* FNV-1a, 64 bits (Fowler, Noll, Vo; IETF draft-eastlake-fnv). */
#define FNV_START 0xcbf29ce484222325
#define FNV_PRIME 0x100000001b3

/* Indices of names: of whole kinds, and the first of each that has more. */
enum {
	NAME_BOOTSECTOR,
	NAME_HEADER,
	NAME_STAGE2,
	NAME_DIAG,
	NAME_UEFI,
	NAME_KERNEL,
	NAME_MODULE = NAME_KERNEL + ELF_PARTS_MAX,
	NAME_PADDING = NAME_MODULE + MODULES_MAX,
	NAMES,
};

const char *image_part_name(unsigned int index)
{
	static const char *const names[NAMES] = {
		"00-bootsector.bin",   "01-header.bin",
		"02-stage2.bin",       "03-diag.bin",
		"03-uefi.bin",         "04-kernel.bin",
		"04-kernel.part2.bin", "04-kernel.part3.bin",
		"04-kernel.part4.bin", "04-kernel.part5.bin",
		"04-kernel.part6.bin", "04-kernel.part7.bin",
		"04-kernel.part8.bin", "05-module-1.bin",
		"06-module-2.bin",     "07-module-3.bin",
		"08-module-4.bin",     "09-module-5.bin",
		"10-module-6.bin",     "11-module-7.bin",
		"12-padding.bin",
	};

	return index < NAMES ? names[index] : NULL;
}

static uint64_t sectors_of(uint64_t bytes)
{
	return (bytes + SECTOR_SIZE - 1) / SECTOR_SIZE;
}

/* The sum of `bytes` as 32-bit words, the last one filled up with zeros. */
static uint32_t sum_words(struct bytes bytes)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes.size; i++)
		sum += (uint32_t)bytes.data[i] << 8 * (i % 4);
	return sum;
}

/* Appends a part in whole sectors. Returns its LBA. */
static uint32_t add_part(struct image *image, const char *name,
			 struct bytes bytes, uint64_t sectors)
{
	uint32_t lba = (uint32_t)(image->size / SECTOR_SIZE);

	image->parts[image->count++] =
		(struct part){ name, bytes, sectors * SECTOR_SIZE };
	image->size += sectors * SECTOR_SIZE;
	return lba;
}

/* Is `word` one of the line's words? Blanks stand between them. */
static int has_word(const char *line, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = line; (at = strstr(at, word)); at += length)
		if ((at == line || at[-1] == ' ') &&
		    (!at[length] || at[length] == ' '))
			return 1;
	return 0;
}

/* Puts the command line into the header. */
static int add_cmdline(uint8_t *header, const char *cmdline,
		       struct reason *reason)
{
	size_t length = strlen(cmdline);

	if (length > CMDLINE_MAX)
		return refuse(reason,
			      "the command line has %zu characters, at most "
			      "%d fit: make it shorter",
			      length, CMDLINE_MAX);
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)cmdline[i];

		if (c < ' ' || c == 0x7f)
			return refuse(reason,
				      "character %zu of the command line is "
				      "the control character 0x%02x: leave it "
				      "out",
				      i + 1, c);
	}
	memcpy(header + HEADER_CMDLINE, cmdline, length);
	if (has_word(cmdline, "diag") || has_word(cmdline, "step"))
		header[HEADER_FLAGS] |= HEADER_FLAG_DIAG;
	return 0;
}

/* Appends a blob to the image and its entry to the header's table. */
static void add_blob(struct image *image, unsigned int name,
		     const struct image_blob *blob, struct bytes bytes)
{
	unsigned int index = get_le16(image->header + HEADER_BLOB_COUNT);
	uint8_t *entry = image->header + HEADER_BLOBS + index * BLOB_SIZE;
	uint32_t lba = add_part(image, image_part_name(name), bytes,
				sectors_of(bytes.size));

	put_le32(entry + BLOB_TYPE, blob->type);
	put_le32(entry + BLOB_LBA, lba);
	put_le32(entry + BLOB_BYTES, (uint32_t)bytes.size);
	put_le32(entry + BLOB_MEMORY, blob->memory);
	put_le32(entry + BLOB_LOAD, blob->load);
	put_le32(entry + BLOB_ENTRY, blob->entry);
	put_le32(entry + BLOB_CRC, crc32c(0, bytes.data, bytes.size));
	put_le16(image->header + HEADER_BLOB_COUNT, (uint16_t)(index + 1));
}

/* Adds the diagnostics, their sum made right. */
static int add_diag(const struct recipe *recipe, struct image *image,
		    struct reason *reason)
{
	struct bytes diag = recipe->diag;
	uint64_t sectors = sectors_of(diag.size);

	if (!diag.size)
		return 0;
	image->diag = malloc(diag.size);
	if (!image->diag)
		return refuse(reason, "no memory for the diagnostics");
	memcpy(image->diag, diag.data, diag.size);
	put_le32(image->diag + DIAG_SUM, 0);
	diag.data = image->diag;
	put_le32(image->diag + DIAG_SUM, DIAG_SUM_VALUE - sum_words(diag));
	add_part(image, image_part_name(NAME_DIAG), diag, sectors);
	image->header[HEADER_DIAG_SECTORS] = (uint8_t)sectors;
	return 0;
}

/* Where a FAT volume tells of its size (Microsoft, BPB_TotSec16). */
#define BPB_SECTORS 0x13

/* Adds the volume in which a UEFI finds why nothing boots (HW-34). */
static void add_uefi(const struct recipe *recipe, struct image *image)
{
	struct bytes volume = recipe->uefi;

	if (!volume.size)
		return;
	image->uefi_lba = add_part(image, image_part_name(NAME_UEFI), volume,
				   get_le16(volume.data + BPB_SECTORS));
	image->uefi_end = (uint32_t)(image->size / SECTOR_SIZE);
}

static int add_kernel_part(const struct recipe *recipe, struct image *image,
			   const struct elf_plan *plan, unsigned int index,
			   struct reason *reason)
{
	const struct elf_part *part = &plan->parts[index];
	uint8_t *flat = malloc(part->bytes);

	if (!flat)
		return refuse(reason,
			      "no memory for the kernel's %" PRIu64
			      " bytes: end other programs",
			      part->bytes);
	image->kernel[index] = flat;
	elf_flatten(recipe->kernel, plan, part, flat);
	add_blob(image, NAME_KERNEL + index,
		 &(struct image_blob){ .type = BLOB_KERNEL,
				       .memory = (uint32_t)part->memory,
				       .load = (uint32_t)part->base,
				       .entry = index ? 0 :
							(uint32_t)plan->entry },
		 (struct bytes){ flat, part->bytes });
	return 0;
}

/* Adds the kernel, each part a blob. `*free_page` becomes the first page behind
 * it in memory. */
static int add_kernel(const struct recipe *recipe, struct image *image,
		      uint64_t *free_page, struct reason *reason)
{
	struct elf_plan plan;
	struct reason why = { "" };

	if (elf_plan(recipe->kernel, &plan, &why))
		return refuse(reason, "%s: %s", recipe->kernel_name, why.text);
	if (plan.part_count + recipe->module_count > BLOBS_MAX)
		return refuse(reason,
			      "%s: its segments lie in %u places, with over 1 "
			      "MiB between them; with %u modules that is more "
			      "than the %d that load: move segments together, "
			      "or leave modules out",
			      recipe->kernel_name, plan.part_count,
			      recipe->module_count, BLOBS_MAX);
	for (unsigned int i = 0; i < plan.part_count; i++)
		if (add_kernel_part(recipe, image, &plan, i, reason))
			return -1;
	*free_page = round_up(plan.end, PAGE_SIZE);
	return 0;
}

/* Adds the modules, each on the next free page in memory. */
static int add_modules(const struct recipe *recipe, struct image *image,
		       uint64_t free_page, struct reason *reason)
{
	for (unsigned int i = 0; i < recipe->module_count; i++) {
		struct bytes bytes = recipe->modules[i];
		const char *name = recipe->module_names[i];

		if (!bytes.size)
			return refuse(reason,
				      "%s: the module is empty, nothing to "
				      "load: leave it out",
				      name);
		if (bytes.size > LOAD_END - free_page)
			return refuse(reason,
				      "%s: module %u, " HEX " bytes from " HEX
				      " on, would end above " HEX " (4 GiB): "
				      "link the kernel lower or make the "
				      "modules smaller",
				      name, i + 1, (uint64_t)bytes.size,
				      free_page, (uint64_t)LOAD_END);
		add_blob(image, NAME_MODULE + i,
			 &(struct image_blob){ .type = BLOB_MODULE,
					       .memory = (uint32_t)bytes.size,
					       .load = (uint32_t)free_page },
			 bytes);
		free_page = round_up(free_page + bytes.size, PAGE_SIZE);
	}
	return 0;
}

/* Pads to whole MiB, or to the size asked for. */
static int add_padding(const struct recipe *recipe, struct image *image,
		       struct reason *reason)
{
	uint64_t used = image->size / SECTOR_SIZE;
	uint64_t sectors = partition_image_sectors(recipe->geometry, used);
	uint64_t asked = recipe->size / SECTOR_SIZE;

	if (asked % MIB_SECTORS)
		return refuse(reason,
			      "%" PRIu64 " bytes are no whole number of MiB, "
			      "which BIOSes want: say --size %" PRIu64 "M",
			      recipe->size,
			      round_up(asked, MIB_SECTORS) / MIB_SECTORS);
	if (asked && asked < sectors)
		return refuse(reason,
			      "the image needs %" PRIu64 " MiB, %" PRIu64
			      " are too small: say --size %" PRIu64
			      "M or leave it out",
			      sectors / MIB_SECTORS, asked / MIB_SECTORS,
			      sectors / MIB_SECTORS);
	if (asked > UINT32_MAX)
		return refuse(reason,
			      "%" PRIu64 " MiB exceed what a partition entry "
			      "can name, 2097151 MiB: make it smaller",
			      asked / MIB_SECTORS);
	if (asked)
		sectors = asked;
	if (sectors > used)
		add_part(image, image_part_name(NAME_PADDING),
			 (struct bytes){ NULL, 0 }, sectors - used);
	return 0;
}

/* Tells images with any difference apart. Padding adds nothing: its size is
 * in the header. */
static uint64_t image_fingerprint(const struct image *image)
{
	uint64_t hash = FNV_START;

	for (unsigned int i = 0; i < image->count; i++) {
		struct bytes bytes = image->parts[i].bytes;

		for (size_t at = 0; at < bytes.size; at++)
			hash = (hash ^ bytes.data[at]) * FNV_PRIME;
	}
	return hash;
}

static void add_bpb(const struct recipe *recipe, struct image *image,
		    uint32_t serial)
{
	if (recipe->dummy_bpb)
		bootsector_dummy_bpb(image->bootsector, recipe->geometry,
				     (uint32_t)(image->size / SECTOR_SIZE),
				     serial);
}

static void finish_bootsector(const struct recipe *recipe, struct image *image)
{
	put_le16(image->bootsector + BS_MAGIC, BS_MAGIC_VALUE);
	image->bootsector[BS_SECTORS] =
		(uint8_t)(1 + sectors_of(recipe->stage2.size));
	partition_write(image->bootsector + BS_PARTITIONS, recipe->geometry,
			recipe->partition_type, image->size / SECTOR_SIZE);
	if (image->uefi_end)
		partition_add_uefi(image->bootsector + BS_PARTITIONS,
				   recipe->geometry, image->uefi_lba,
				   image->uefi_end);
	add_bpb(recipe, image, 0);
}

/* The build id comes from everything else, the disk signature from it. */
static void image_sign(const struct recipe *recipe, struct image *image)
{
	uint64_t id = image_fingerprint(image);
	uint32_t signature = (uint32_t)(id ^ id >> 32);

	if (!signature)
		signature = 1; /* 0 would ask Windows for one (HW-5) */
	put_le64(image->header + HEADER_BUILD_ID, id);
	put_le32(image->bootsector + BS_SIGNATURE, signature);
	add_bpb(recipe, image, signature);
}

static void finish_header(const struct recipe *recipe, struct image *image)
{
	uint8_t *header = image->header;
	struct bytes whole = { header, HEADER_SIZE };

	put_le32(header + HEADER_CRC, crc32c(0, header, HEADER_SIZE));
	put_le32(header + HEADER_SUM,
		 0 - sum_words(whole) - sum_words(recipe->stage2));
}

static int check_recipe(const struct recipe *recipe, struct reason *reason)
{
	if (bootsector_check(recipe->bootsector, reason) ||
	    stage2_check(recipe->stage2, reason) ||
	    diag_check(recipe->diag, reason))
		return -1;
	return 0;
}

int image_compose(const struct recipe *recipe, struct image *image,
		  struct reason *reason)
{
	uint8_t *header = image->header;
	uint16_t stage2_sectors = (uint16_t)sectors_of(recipe->stage2.size);
	uint64_t free_page;

	memset(image, 0, sizeof(*image));
	if (check_recipe(recipe, reason) ||
	    add_cmdline(header, recipe->cmdline, reason))
		return -1;
	memcpy(image->bootsector, recipe->bootsector.data, SECTOR_SIZE);
	add_part(image, image_part_name(NAME_BOOTSECTOR),
		 (struct bytes){ image->bootsector, SECTOR_SIZE }, 1);
	add_part(image, image_part_name(NAME_HEADER),
		 (struct bytes){ header, HEADER_SIZE }, 1);
	add_part(image, image_part_name(NAME_STAGE2), recipe->stage2,
		 stage2_sectors);
	if (add_diag(recipe, image, reason)) {
		image_release(image);
		return -1;
	}
	add_uefi(recipe, image);
	if (add_kernel(recipe, image, &free_page, reason) ||
	    add_modules(recipe, image, free_page, reason) ||
	    add_padding(recipe, image, reason)) {
		image_release(image);
		return -1;
	}
	put_le32(header + HEADER_MAGIC, HEADER_MAGIC_VALUE);
	put_le16(header + HEADER_VERSION, HEADER_VERSION_VALUE);
	put_le32(header + HEADER_IMAGE_SECTORS,
		 (uint32_t)(image->size / SECTOR_SIZE));
	put_le16(header + HEADER_STAGE2_SECTORS, stage2_sectors);
	finish_bootsector(recipe, image);
	image_sign(recipe, image);
	finish_header(recipe, image);
	return 0;
}

void image_release(struct image *image)
{
	free(image->diag);
	image->diag = NULL;
	for (unsigned int i = 0; i < ELF_PARTS_MAX; i++) {
		free(image->kernel[i]);
		image->kernel[i] = NULL;
	}
}
