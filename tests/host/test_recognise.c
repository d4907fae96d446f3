/*
 * test_recognise.c - each format is known by its mark, wherever that is.
 *
 * Files by the tools that make them are in tests/boot/test_explain.py.
 */
#include <stdlib.h>
#include <string.h>

#include "boot/image.h"
#include "cmocka_test.h"
#include "random.h"
#include "tools/image/recognise.h"

/* Recognises `size` bytes that end where the allocation ends, so that ASan
 * sees a read behind them. */
static struct recognised recognise_bytes(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct recognised found;
	struct disk disk;

	assert_non_null(exact);
	memcpy(exact, bytes, size);
	disk_from_memory((struct bytes){ exact, size }, &disk);
	found = recognise(&disk);
	free(exact);
	return found;
}

#define FILE_BYTES 4096

struct sample {
	unsigned int offset; /* in a file of FILE_BYTES */
	const char *mark;
	unsigned int size;
	enum kind kind;
	const char *what;
};

#define SAMPLE(offset, mark, kind, what) \
	{                                                  \
		offset, mark, sizeof(mark) - 1, kind, what \
	}
#define LAST_SECTOR (FILE_BYTES - 512)

static const struct sample samples[] = {
	SAMPLE(0, "QFI\xfb\0\0\0\1", KIND_CONTAINER, "a qcow disk image"),
	SAMPLE(0, "QFI\xfb\0\0\0\2", KIND_CONTAINER, "a qcow2 disk image"),
	SAMPLE(0, "QFI\xfb\0\0\0\3", KIND_CONTAINER, "a qcow2 disk image"),
	SAMPLE(0, "QED\0", KIND_CONTAINER, "a QED disk image"),
	SAMPLE(0, "KDMV", KIND_CONTAINER, "a VMDK disk image"),
	SAMPLE(0, "COWD", KIND_CONTAINER, "a VMDK disk image"),
	SAMPLE(0, "# Disk DescriptorFile", KIND_CONTAINER, "a VMDK descriptor"),
	SAMPLE(0x40, "\x7f\x10\xda\xbe", KIND_CONTAINER, "a VDI disk image"),
	SAMPLE(0x40, "\xbe\xda\x10\x7f", KIND_CONTAINER, "a VDI disk image"),
	SAMPLE(0, "conectix", KIND_CONTAINER, "a VHD disk image, as"),
	SAMPLE(LAST_SECTOR, "conectix", KIND_CONTAINER,
	       "a VHD disk image of fixed size"),
	SAMPLE(LAST_SECTOR, "koly\0\0\0\4", KIND_CONTAINER, "a DMG disk image"),
	SAMPLE(0, "vhdxfile", KIND_CONTAINER, "a VHDX disk image"),
	SAMPLE(0, "MSWIM\0\0\0", KIND_CONTAINER, "a WIM"),
	SAMPLE(0, "WithoutFreeSpace", KIND_CONTAINER, "an HDD disk image"),
	SAMPLE(0, "WithouFreSpacExt", KIND_CONTAINER, "an HDD disk image"),
	SAMPLE(0, "Bochs Virtual HD Image", KIND_CONTAINER, "a growing disk"),
	SAMPLE(0, "\x3a\xff\x26\xed", KIND_CONTAINER, "a sparse image"),
	SAMPLE(0, "\x1f\x8b\x08", KIND_PACKED, "a file compressed by gzip"),
	SAMPLE(0, "\x1f\x9d", KIND_PACKED, "a file compressed by compress"),
	SAMPLE(0, "BZh91AY&SY", KIND_PACKED, "a file compressed by bzip2"),
	SAMPLE(0,
	       "\xfd"
	       "7zXZ\0",
	       KIND_PACKED, "a file compressed by xz"),
	SAMPLE(0, "\x5d\0\0\x80\0", KIND_PACKED, "a file compressed by lzma"),
	SAMPLE(0, "LZIP", KIND_PACKED, "a file compressed by lzip"),
	SAMPLE(0, "\x28\xb5\x2f\xfd", KIND_PACKED, "a file compressed by zstd"),
	SAMPLE(0, "\x04\x22\x4d\x18", KIND_PACKED, "a file compressed by lz4"),
	SAMPLE(0, "PK\3\4", KIND_PACKED, "a ZIP archive"),
	SAMPLE(0, "PK\5\6", KIND_PACKED, "an empty ZIP archive"),
	SAMPLE(0, "7z\xbc\xaf\x27\x1c", KIND_PACKED, "a 7z archive"),
	SAMPLE(0, "Rar!\x1a\x07", KIND_PACKED, "a RAR archive"),
	SAMPLE(0, "MSCF\0\0\0\0", KIND_PACKED, "a Windows cabinet"),
	SAMPLE(257, "ustar", KIND_PACKED, "a tar archive"),
	SAMPLE(0, "070701", KIND_PACKED, "a cpio archive"),
	SAMPLE(0, "\177ELF\1", KIND_PROGRAM, "a 32-bit ELF file"),
	SAMPLE(0, "\177ELF\2", KIND_PROGRAM, "an ELF file"),
	SAMPLE(0, "\xcf\xfa\xed\xfe", KIND_PROGRAM, "a Mach-O file, as"),
	SAMPLE(0, "\xce\xfa\xed\xfe", KIND_PROGRAM, "a 32-bit Mach-O file"),
	SAMPLE(0, "\xca\xfe\xba\xbe", KIND_PROGRAM,
	       "a Mach-O file for several machines"),
	SAMPLE(0, "!<arch>\n", KIND_PROGRAM, "a static library"),
	SAMPLE(0, "!<thin>\n", KIND_PROGRAM, "a static library"),
	SAMPLE(0, "BC\xc0\xde", KIND_PROGRAM, "LLVM bitcode"),
	SAMPLE(0, "\0asm", KIND_PROGRAM, "a WebAssembly module"),
	SAMPLE(0x202, "HdrS", KIND_PROGRAM, "a Linux kernel"),
	SAMPLE(0, "MZ", KIND_PROGRAM, "a DOS program"),
	SAMPLE(0, "#!", KIND_DOCUMENT, "a script"),
	SAMPLE(0, "%PDF-", KIND_DOCUMENT, "a PDF document"),
	SAMPLE(0, "\x89PNG\r\n\x1a\n", KIND_DOCUMENT, "a PNG picture"),
	SAMPLE(0, "\xff\xd8\xff", KIND_DOCUMENT, "a JPEG picture"),
	SAMPLE(512, "FLIT", KIND_OWN, "a Firstlight image"),
	SAMPLE(510, "\x55\xaa", KIND_DISK, "a raw disk image"),
	SAMPLE(0, "", KIND_ZEROS, "nothing but zeros"),
	SAMPLE(FILE_BYTES - 1, "\1", KIND_UNKNOWN,
	       "data without a boot sector (LBA 0 does not end with 55 AA)"),
};

static void check(const uint8_t *bytes, size_t size, enum kind kind,
		  const char *what)
{
	struct recognised found = recognise_bytes(bytes, size);

	if (found.kind != kind || strncmp(found.what, what, strlen(what)))
		fail_msg("kind %d, '%s', not %d, '%s'", found.kind, found.what,
			 kind, what);
	assert_int_equal(found.remedy == NULL,
			 kind == KIND_OWN || kind == KIND_DISK);
}

static void test_marks(void **state)
{
	static uint8_t file[FILE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const struct sample *sample = &samples[i];

		memset(file, 0, sizeof(file));
		memcpy(file + sample->offset, sample->mark, sample->size);
		check(file, sizeof(file), sample->kind, sample->what);
	}
}

/* What starts with a container's mark is one, whatever looks like a disk in
 * it; a disk that starts with MZ is a disk. */
static void test_more_than_one_mark(void **state)
{
	static uint8_t file[0x9000];

	(void)state;
	memcpy(file + 510, "\x55\xaa", 2);
	memcpy(file + 512, "FLIT", 4);
	check(file, sizeof(file), KIND_OWN, "a Firstlight image");
	memcpy(file + sizeof(file) - 512, "conectix", 8);
	check(file, sizeof(file), KIND_CONTAINER, "a VHD disk image of fixed");
	memcpy(file, "QFI\xfb\0\0\0\3", 8);
	check(file, sizeof(file), KIND_CONTAINER, "a qcow2 disk image");

	memset(file, 0, sizeof(file));
	memcpy(file + 0x8001, "CD001", 5);
	check(file, sizeof(file), KIND_CD, "an ISO 9660 image for a CD");
	memcpy(file + 510, "\x55\xaa", 2);
	check(file, sizeof(file), KIND_DISK, "a raw disk image");
	memcpy(file, "MZ", 2);
	check(file, sizeof(file), KIND_DISK, "a raw disk image");
	put_le32(file + 0x3c, 0x80); /* so a loader for DOS and BIOS may do */
	memcpy(file + 0x80, "PE\0\0", 4);
	check(file, sizeof(file), KIND_DISK, "a raw disk image");
	put_le32(file + 0x3c, 0x1000);
	memcpy(file + 0x1000, "PE\0\0", 4);
	check(file, sizeof(file), KIND_PROGRAM, "a PE file");
	put_le32(file + 0x3c, UINT32_MAX);
	check(file, sizeof(file), KIND_DISK, "a raw disk image");
}

static void test_text(void **state)
{
	static const char *const texts[] = {
		"a",
		"bits 16\n\torg 0x7c00\n",
		"gr\xc3\xb6\xc3\x9f"
		"er\r\n",
		"\x1b[1mbold\f",
		"\xe2\x82\xac",
		"\xf0\x9f\x98\x80",
		"cut: \xf0\x9f",
	};
	static const char *const others[] = {
		"\x90\x90\x90", "a\x80", "\xc3(", "\xc0\x80", "\xff",
		"\xf5\x80\x80\x80", "a\x7f", "a\1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check((const uint8_t *)texts[i], strlen(texts[i]),
		      KIND_DOCUMENT, "a text");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		check((const uint8_t *)others[i], strlen(others[i]),
		      KIND_UNKNOWN, "data without a boot sector");
	check((const uint8_t *)"a\0b", 3, KIND_UNKNOWN, "data without");
}

static void test_small_files(void **state)
{
	static uint8_t file[1024];

	(void)state;
	check(file, 0, KIND_EMPTY, "an empty file");
	check(file, 1, KIND_ZEROS, "nothing but zeros");
	memcpy(file + 510, "\x55\xaa", 2);
	check(file, 511, KIND_UNKNOWN, "data without");
	check(file, 512, KIND_DISK, "a raw disk image");
	memcpy(file + 512, "FLIT", 4);
	check(file, 1023, KIND_DISK, "a raw disk image");
	check(file, 1024, KIND_OWN, "a Firstlight image");
}

/* Any bytes, of any size: an answer with words. */
static void test_anything(void **state)
{
	struct random random = { 1 };
	uint8_t bytes[2048];

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		size_t size = random_below(&random, sizeof(bytes));
		struct recognised found;

		for (size_t at = 0; at < size; at++)
			bytes[at] = (uint8_t)random_below(&random, 256);
		found = recognise_bytes(bytes, size);
		assert_non_null(found.what);
		assert_true(found.kind <= KIND_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_more_than_one_mark),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_small_files),
		cmocka_unit_test(test_anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
