/*
 * test_mkimage_elf_refused.c - every word with which a kernel is refused.
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "elf_file.h"

/* A kernel's bytes at offset `at` replaced by a little-endian number. */
struct poke {
	unsigned int at;
	unsigned int width; /* 0: no more pokes */
	uint64_t value;
};

struct refusal {
	struct poke pokes[4];
	const char *words;
};

#define LINK_HIGHER                                                          \
	"link at 1 MiB or above, with '-Ttext=0x200000' (ld, ld.lld), "      \
	"'-Wl,-Ttext=0x200000' (gcc, clang), '-C link-arg=-Ttext=0x200000' " \
	"(rustc), or '. = 0x200000;' in its script"

static void poke(uint8_t *file, const struct poke *poke)
{
	for (unsigned int i = 0; i < poke->width; i++)
		file[poke->at + i] = (uint8_t)(poke->value >> 8 * i);
}

/* `file` is freed. */
static void check_refusal(uint8_t *file, const struct refusal *refusal)
{
	struct elf_plan plan;
	struct reason reason;

	for (unsigned int i = 0; i < 4 && refusal->pokes[i].width; i++)
		poke(file, &refusal->pokes[i]);
	assert_int_equal(elf_file_plan(file, ELF_FILE_SIZE, &plan, &reason),
			 -1);
	assert_string_equal(reason.text, refusal->words);
	free(file);
}

static void check_refusals(const struct refusal *refusals, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_refusal(elf_file_make(), &refusals[i]);
}

#define CHECK_REFUSALS(table) \
	check_refusals(table, sizeof(table) / sizeof((table)[0]))

static void test_no_kernel_at_all(void **state)
{
	static const struct {
		const char *start;
		const char *words;
	} files[] = {
		{ "", "the file is empty: build the kernel again" },
		{ "#!/bin/sh\n", "this is a script, no ELF file: give the "
				 "linker's output, before objcopy and "
				 "mkimage" },
		{ "MZxx\1", "this is a DOS program, no ELF file: compile and "
			    "link for ELF, as 'clang "
			    "--target=x86_64-none-elf' and ld.lld do" },
		{ "\xcf\xfa\xed\xfe", "this is a Mach-O file, as macOS has "
				      "it, no ELF file: compile and link for "
				      "ELF, as 'clang "
				      "--target=x86_64-none-elf' and ld.lld "
				      "do" },
		{ "!<arch>\n", "this is a static library, no ELF file: compile "
			       "and link for ELF, as 'clang "
			       "--target=x86_64-none-elf' and ld.lld do" },
		{ "\x1f\x8b\x08", "this is a file compressed by gzip, no ELF "
				  "file: unpack it with 'gunzip FILE'" },
		{ "QFI\xfb", "this is a qcow2 disk image, as QEMU has it, no "
			     "ELF file: give the linker's output, before "
			     "objcopy and mkimage" },
		{ "\177EL", "this is perhaps a flat binary, no ELF file: give "
			    "the linker's output, before objcopy and "
			    "mkimage" },
		{ "\177ELF\2\1\1", "the file ends after 7 bytes, inside the "
				   "ELF header of 64: build the kernel again" },
	};
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		const char *start = files[i].start;

		assert_int_equal(elf_file_plan((const uint8_t *)start,
					       strlen(start), &plan, &reason),
				 -1);
		assert_string_equal(reason.text, files[i].words);
	}
}

static void test_wrong_kinds(void **state)
{
	static const struct refusal refusals[] = {
		{ { { EH_CLASS, 1, 1 } },
		  "this is a 32-bit ELF file, a kernel is entered in 64-bit "
		  "mode: compile with -m64, link with -m elf_x86_64 (rustc: "
		  "--target x86_64-unknown-none)" },
		{ { { EH_CLASS, 1, 3 } },
		  "ELF class 3, version 1 is unknown, 2 and 1 are needed: "
		  "build the kernel again" },
		{ { { EH_VERSION, 1, 9 } },
		  "ELF class 2, version 9 is unknown, 2 and 1 are needed: "
		  "build the kernel again" },
		{ { { EH_DATA, 1, 2 } },
		  "this ELF file is big-endian, x86-64 is not: compile for "
		  "x86_64 (clang --target=x86_64-none-elf, rustc --target "
		  "x86_64-unknown-none)" },
		{ { { EH_MACHINE, 2, 183 } },
		  "this is code for 64-bit ARM (e_machine 183), x86-64 is 62: "
		  "compile for x86_64 (clang --target=x86_64-none-elf, "
		  "rustc --target x86_64-unknown-none)" },
		{ { { EH_MACHINE, 2, 3 } },
		  "this is code for 32-bit x86 (e_machine 3), x86-64 is 62: "
		  "compile for x86_64 (clang --target=x86_64-none-elf, "
		  "rustc --target x86_64-unknown-none)" },
		{ { { EH_MACHINE, 2, 999 } },
		  "this is code for another machine (e_machine 999), x86-64 is "
		  "62: compile for x86_64 (clang --target=x86_64-none-elf, "
		  "rustc --target x86_64-unknown-none)" },
		{ { { EH_TYPE, 2, 1 } },
		  "this is an object file (ET_REL): link it, ld -T script.ld "
		  "-o kernel.elf" },
		{ { { EH_TYPE, 2, 3 } },
		  "this is position-independent (ET_DYN), nobody would "
		  "relocate it: compile with -fno-pie, link with -no-pie "
		  "-static (gcc, clang), or build with -C "
		  "relocation-model=static (rustc)" },
		{ { { EH_TYPE, 2, 4 } },
		  "this is a core dump (ET_CORE): give the program itself" },
		{ { { EH_TYPE, 2, 0xfe00 } },
		  "ELF type 65024 is no program, ET_EXEC is 2: link with "
		  "-static (rustc: -C relocation-model=static)" },
		{ { { PH(1) + PH_TYPE, 4, 3 } },
		  "program header 1 asks for a dynamic linker: link with "
		  "-static -nostdlib (gcc, clang), or for --target "
		  "x86_64-unknown-none with -C relocation-model=static "
		  "(rustc)" },
		{ { { PH(0) + PH_TYPE, 4, 2 } },
		  "program header 0 asks for a dynamic linker: link with "
		  "-static -nostdlib (gcc, clang), or for --target "
		  "x86_64-unknown-none with -C relocation-model=static "
		  "(rustc)" },
	};

	(void)state;
	CHECK_REFUSALS(refusals);
}

static void test_program_header_table(void **state)
{
	static const struct refusal refusals[] = {
		{ { { EH_PHNUM, 2, 0 } },
		  "no program headers, nothing to load: link with ld, and do "
		  "not strip them" },
		{ { { EH_PHENTSIZE, 2, 32 } },
		  "program headers of 32 bytes (e_phentsize), 56 are needed: "
		  "build the kernel again" },
		{ { { EH_PHNUM, 2, 0xffff } },
		  "more than 65534 program headers (e_phnum is PN_XNUM): link "
		  "into fewer segments" },
		{ { { EH_PHNUM, 2, 0xfffe } },
		  "65534 program headers at 0x40 end beyond the file of 4144 "
		  "bytes: it is cut short, build it again" },
		{ { { EH_PHOFF, 8, ELF_FILE_SIZE - 2 * 56 + 1 } },
		  "2 program headers at 0xfc1 end beyond the file of 4144 "
		  "bytes: it is cut short, build it again" },
		{ { { EH_PHOFF, 8, UINT64_MAX - 100 } },
		  "2 program headers at 0xffffffffffffff9b end beyond the "
		  "file of 4144 bytes: it is cut short, build it again" },
		{ { { PH(0) + PH_TYPE, 4, 4 }, { PH(1) + PH_TYPE, 4, 4 } },
		  "no segment has any contents to load (PT_LOAD): link code "
		  "into the kernel" },
		{ { { PH(0) + PH_FILESZ, 8, 0 }, { PH(1) + PH_FILESZ, 8, 0 } },
		  "no segment has any contents to load (PT_LOAD): link code "
		  "into the kernel" },
	};

	(void)state;
	CHECK_REFUSALS(refusals);
}

static void test_bad_segments(void **state)
{
	static const struct refusal refusals[] = {
		{ { { PH(0) + PH_MEMSZ, 8, 0xf } },
		  "segment 0 has 0x10 bytes in the file but room for 0xf in "
		  "memory: mend the linker script" },
		{ { { PH(1) + PH_FILESZ, 8, 0x21 } },
		  "segment 1 is 0x21 bytes at offset 0x1010, beyond the file "
		  "of 4144 bytes: it is cut short, build it again" },
		{ { { PH(1) + PH_OFFSET, 8, UINT64_MAX - 0x1f } },
		  "segment 1 is 0x20 bytes at offset 0xffffffffffffffe0, "
		  "beyond the file of 4144 bytes: it is cut short, build it "
		  "again" },
		{ { { PH(1) + PH_PADDR, 8, UINT64_MAX - 0xfff } },
		  "segment 1, 0x3000 bytes at 0xfffffffffffff000 (virtual "
		  "0x201000), wraps around the end of the address space: mend "
		  "the linker script" },
		{ { { PH(1) + PH_VADDR, 8, UINT64_MAX - 0xfff } },
		  "segment 1, 0x3000 bytes at 0x201000 (virtual "
		  "0xfffffffffffff000), wraps around the end of the address "
		  "space: mend the linker script" },
		{ { { PH(1) + PH_PADDR, 8, 0xfffff } },
		  "segment 1 loads at 0xfffff, below 0x100000 (1 MiB), where "
		  "BIOS and loader are: " LINK_HIGHER },
		{ { { PH(1) + PH_PADDR, 8, 0xffffe000 } },
		  "segment 1 loads at 0xffffe000 to 0x100001000, above "
		  "0x100000000 (4 GiB): give it a lower load address, as in "
		  "AT(ADDR(.text) - KERNEL_BASE)" },
		{ { { PH(1) + PH_PADDR, 8, 0xffffffff80000000 } },
		  "segment 1 loads at 0xffffffff80000000 to "
		  "0xffffffff80003000, above 0x100000000 (4 GiB): give it a "
		  "lower load address, as in AT(ADDR(.text) - KERNEL_BASE)" },
		{ { { PH(1) + PH_PADDR, 8, 0x20000f } },
		  "segments 0 (0x200000 to 0x200010) and 1 (0x20000f to "
		  "0x20300f) overlap in memory: mend the linker script" },
		{ { { PH(1) + PH_PADDR, 8, 0x1fd001 } },
		  "segments 0 (0x200000 to 0x200010) and 1 (0x1fd001 to "
		  "0x200001) overlap in memory: mend the linker script" },
	};

	(void)state;
	CHECK_REFUSALS(refusals);
}

static void test_too_many_places(void **state)
{
	size_t size = PH(9) + 9;
	uint8_t *file = calloc(1, size);
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	assert_non_null(file);
	elf_file_header(file, 0x200000, 8);
	for (unsigned int i = 0; i < 9; i++)
		elf_file_load(file, i, PH(9) + i, 1, 0x200000 * (i + 1), 1);
	assert_int_equal(elf_file_plan(file, size, &plan, &reason), 0);
	assert_int_equal(plan.part_count, 8);
	put_le16(file + EH_PHNUM, 9);
	assert_int_equal(elf_file_plan(file, size, &plan, &reason), -1);
	assert_string_equal(reason.text,
			    "the segments lie in more than 8 places, with over "
			    "0x100000 bytes (1 MiB) between them: move some "
			    "together in the linker script");
	free(file);
}

static void test_bad_entries(void **state)
{
	static const struct refusal refusals[] = {
		{ { { EH_ENTRY, 8, 0 } },
		  "the entry point is 0: name it in the linker script, "
		  "ENTRY(_start), and make the symbol global (rustc: "
		  "#[no_mangle] pub extern \"C\" fn _start)" },
		{ { { EH_ENTRY, 8, 0x200010 } },
		  "the entry point 0x200010 lies in nothing that is loaded: "
		  "check ENTRY() in the linker script, or -e" },
		{ { { EH_ENTRY, 8, 0x201020 } },
		  "the entry point 0x201020 lies in the zeroed part of segment "
		  "1: put it into .text, not .bss" },
		{ { { EH_ENTRY, 8, 0x201000 } },
		  "the entry point 0x201000 lies in segment 1, which is not "
		  "executable: mark its section executable ('ax'), it must be "
		  "code" },
		{ { { PH(0) + PH_VADDR, 8, 0xffffffff80200000 },
		    { EH_ENTRY, 8, 0xffffffff80200004 } },
		  "the segment of the entry point 0xffffffff80200004 is linked "
		  "at virtual 0xffffffff80200000 but loads at 0x200000; paging "
		  "maps the first 4 GiB one to one: put the entry code into a "
		  "section of its own, linked where it loads, that maps the "
		  "rest" },
		{ { { PH(0) + PH_VADDR, 8, 0xffffffff80200000 } },
		  "the segment of the entry point 0x200004 is linked at "
		  "virtual 0xffffffff80200000 but loads at 0x200000; paging "
		  "maps the first 4 GiB one to one: put the entry code into a "
		  "section of its own, linked where it loads, that maps the "
		  "rest" },
	};

	(void)state;
	CHECK_REFUSALS(refusals);
}

static void test_too_many_segments(void **state)
{
	size_t size = PH(65) + 65;
	uint8_t *file = calloc(1, size);
	struct elf_plan plan;
	struct reason reason;

	(void)state;
	assert_non_null(file);
	elf_file_header(file, 0x200000, 64);
	for (unsigned int i = 0; i < 65; i++)
		elf_file_load(file, i, PH(65) + i, 1, 0x200000 + i, 1);
	assert_int_equal(elf_file_plan(file, size, &plan, &reason), 0);
	assert_int_equal(plan.parts[0].bytes, 64);
	put_le16(file + EH_PHNUM, 65);
	assert_int_equal(elf_file_plan(file, size, &plan, &reason), -1);
	assert_string_equal(reason.text, "more than 64 segments to load: merge "
					 "sections in the linker script");
	free(file);
}

#define NO_SECTIONS                                                            \
	"it starts with the ELF header, and without section headers nobody "   \
	"can tell where the kernel itself starts: leave them in the file, as " \
	"strip does"

/* Where no section has a name. */
#define OVERLAP                                                           \
	"segments 0 (0x200000 to 0x200010) and 1 (0x200000 to 0x203000) " \
	"overlap in memory: mend the linker script"

/* Whoever reads this has a linker without a script, so it names no script. */
static void test_headers_that_cannot_be_left_out(void **state)
{
	static const struct refusal refusals[] = {
		{ { { EH_SHOFF, 8, 0 }, { PH(0) + PH_PADDR, 8, 0xff000 } },
		  "segment 0 loads at 0xff000, below 0x100000 (1 MiB), where "
		  "BIOS and loader are: " NO_SECTIONS },
		{ { { EH_SHOFF, 8, 0 }, { PH(0) + PH_PADDR, 8, 0x201000 } },
		  "segments 0 (0x201000 to 0x202010) and 1 (0x201000 to "
		  "0x204000) overlap in memory: " NO_SECTIONS },
		{ { { EH_SHOFF, 8, 0 }, { PH(1) + PH_PADDR, 8, 0x1ff000 } },
		  "segments 0 (0x1ff000 to 0x200010) and 1 (0x1ff000 to "
		  "0x202000) overlap in memory: " NO_SECTIONS },
		{ { { EH_SHOFF, 8, 0 }, { PH(1) + PH_PADDR, 8, 0xff000 } },
		  "segment 1 loads at 0xff000, below 0x100000 (1 MiB), where "
		  "BIOS and loader are: " LINK_HIGHER },
		{ { { 0x800, 1, 1 }, { PH(0) + PH_PADDR, 8, 0xff000 } },
		  "segment 0 (.text) loads at 0xff000, below 0x100000 (1 MiB), where "
		  "BIOS and loader are: it starts with the ELF header, and in "
		  "front of the first section lies something else, which may "
		  "be the kernel's: give the linker's output, unchanged" },
		{ { { PH(1) + PH_PADDR, 8, 0x200000 } },
		  "segments 0 (.text) (0x200000 to 0x200010) and 1 (0x200000 "
		  "to 0x203000) overlap in memory: mend the linker script" },
		{ { { PH(1) + PH_PADDR, 8, 0x200000 },
		    { 62, 2, 4 /* e_shstrndx, of 4 */ } },
		  OVERLAP },
		{ { { PH(1) + PH_PADDR, 8, 0x200000 },
		    { SH(0) + SH_OFFSET, 8, UINT64_MAX } },
		  OVERLAP },
		{ { { PH(1) + PH_PADDR, 8, 0x200000 },
		    { SH(1) + SH_NAME, 4, ELF_FILE_SIZE - 1 } },
		  OVERLAP },
		{ { { EH_ENTRY, 8, 0x1ff000 } },
		  "the entry point 0x1ff000 lies in nothing that is loaded: "
		  "check ENTRY() in the linker script, or -e" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		check_refusal(elf_file_linked(), &refusals[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_kernel_at_all),
		cmocka_unit_test(test_wrong_kinds),
		cmocka_unit_test(test_program_header_table),
		cmocka_unit_test(test_bad_segments),
		cmocka_unit_test(test_bad_entries),
		cmocka_unit_test(test_too_many_places),
		cmocka_unit_test(test_too_many_segments),
		cmocka_unit_test(test_headers_that_cannot_be_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
