/*
 * recipe.h - a recipe for the smallest good image, made anew for each test.
 */
#ifndef TESTS_RECIPE_H
#define TESTS_RECIPE_H

#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "elf_file.h"
#include "tools/mkimage/image.h"

#define STAGE2_SIZE 1001 /* neither sectors nor words */

static uint8_t bootsector[512], stage2[STAGE2_SIZE], *kernel;
static struct recipe recipe;
static struct image image;
static struct reason reason;

static int set_up(void **state)
{
	(void)state;
	memset(bootsector, 0, sizeof(bootsector));
	memcpy(bootsector, "\xeb\x58\x90", 3);
	memset(bootsector + BS_CODE, 0xcc, BS_SECTORS - BS_CODE);
	memcpy(bootsector + BS_MAGIC, "\x55\xaa", 2);
	for (unsigned int i = 0; i < STAGE2_SIZE; i++)
		stage2[i] = (uint8_t)(i * 7 + 1);
	kernel = elf_file_make();
	recipe = (struct recipe){
		.bootsector = { bootsector, sizeof(bootsector) },
		.stage2 = { stage2, sizeof(stage2) },
		.kernel = { kernel, ELF_FILE_SIZE },
		.kernel_name = "kernel.elf",
		.cmdline = "",
		.geometry = { 64, 32 },
		.partition_type = 0xda,
	};
	reason.text[0] = '\0';
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	image_release(&image);
	free(kernel);
	return 0;
}

/* The image as one block; the caller frees it. */
static uint8_t *compose(void)
{
	uint8_t *whole, *at;

	if (image_compose(&recipe, &image, &reason))
		fail_msg("refused: %s", reason.text);
	at = whole = calloc(1, image.size);
	assert_non_null(whole);
	for (unsigned int i = 0; i < image.count; i++) {
		const struct part *part = &image.parts[i];

		assert_true(part->bytes.size <= part->size);
		assert_int_equal(part->size % SECTOR_SIZE, 0);
		if (part->bytes.size)
			memcpy(at, part->bytes.data, part->bytes.size);
		at += part->size;
	}
	assert_int_equal(at - whole, image.size);
	image_release(&image);
	return whole;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
