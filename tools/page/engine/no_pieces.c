/*
 * no_pieces.c - mkimage in the page carries no loader: it is handed the page's,
 * by its options, and the volume for UEFI as the file /uefi.
 */
#include "tools/mkimage/pieces.h"

#include <stdio.h>

struct bytes pieces_bootsector(void) { return (struct bytes){ 0, 0 }; }

struct bytes pieces_stage2(void) { return (struct bytes){ 0, 0 }; }

struct bytes pieces_diag(void) { return (struct bytes){ 0, 0 }; }

struct bytes pieces_uefi(void)
{
	static uint8_t volume[0x80000];
	FILE *file = fopen("/uefi", "rb");
	struct bytes bytes = { volume, 0 };

	if (!file)
		return bytes;
	bytes.size = fread(volume, 1, sizeof(volume), file);
	fclose(file);
	return bytes;
}
