/*
 * elf_header.c - is this a file that elf.c can read?
 */
#include <string.h>

#include "elf_header.h"
#include "tools/image/disk.h"
#include "tools/image/recognise.h"

/* Byte offsets in the file header (System V ABI 4, "ELF Header"). */
#define EI_CLASS 4
#define EI_DATA 5
#define EI_VERSION 6
#define E_TYPE 16
#define E_MACHINE 18
#define E_PHENTSIZE 54

#define ELFCLASS32 1
#define ELFCLASS64 2
#define ELFDATA2LSB 1
#define ET_REL 1
#define ET_EXEC 2
#define ET_DYN 3
#define ET_CORE 4
#define EM_X86_64 62
#define PN_XNUM 0xffff /* the count is elsewhere: more than 65,534 */

/* What to do with a file that is none; the kernel is inside, or it was made
 * for another machine. */
static const char *remedy(const struct recognised *found)
{
	switch (found->kind) {
	case KIND_PACKED:
		return found->remedy;
	case KIND_PROGRAM:
		return "compile and link for ELF, as 'clang "
		       "--target=x86_64-none-elf' and ld.lld do";
	default:
		return "give the linker's output, before objcopy and mkimage";
	}
}

static int refuse_format(struct bytes file, struct reason *reason)
{
	struct disk disk;
	struct recognised found;

	disk_from_memory(file, &disk);
	found = recognise(&disk);
	if (found.kind == KIND_UNKNOWN)
		found.what = "perhaps a flat binary";
	return refuse(reason, "this is %s, no ELF file: %s", found.what,
		      remedy(&found));
}

static const char *machine_name(unsigned int machine)
{
	switch (machine) {
	case 3:
		return "32-bit x86";
	case 8:
		return "MIPS";
	case 20:
	case 21:
		return "PowerPC";
	case 40:
		return "32-bit ARM";
	case 183:
		return "64-bit ARM";
	case 243:
		return "RISC-V";
	default:
		return "another machine";
	}
}

static int check_format(struct bytes file, struct reason *reason)
{
	if (!file.size)
		return refuse(reason, "the file is empty: build the kernel "
				      "again");
	if (file.size < 4 || memcmp(file.data, "\177ELF", 4))
		return refuse_format(file, reason);
	if (file.size < E_SIZE)
		return refuse(reason,
			      "the file ends after %zu bytes, inside the ELF "
			      "header of %d: build the kernel again",
			      file.size, E_SIZE);
	if (file.data[EI_CLASS] == ELFCLASS32)
		return refuse(reason, "this is a 32-bit ELF file, a kernel is "
				      "entered in 64-bit mode: compile with "
				      "-m64, link with -m elf_x86_64");
	if (file.data[EI_CLASS] != ELFCLASS64 || file.data[EI_VERSION] != 1)
		return refuse(reason,
			      "ELF class %u, version %u is unknown, 2 and 1 "
			      "are needed: build the kernel again",
			      file.data[EI_CLASS], file.data[EI_VERSION]);
	if (file.data[EI_DATA] != ELFDATA2LSB)
		return refuse(reason, "this ELF file is big-endian, x86-64 is "
				      "not: compile for x86_64");
	return 0;
}

static int check_machine(struct bytes file, struct reason *reason)
{
	unsigned int machine = get_le16(file.data + E_MACHINE);

	if (machine != EM_X86_64)
		return refuse(reason,
			      "this is code for %s (e_machine %u), x86-64 is "
			      "%d: compile for x86_64",
			      machine_name(machine), machine, EM_X86_64);
	return 0;
}

static int check_type(struct bytes file, struct reason *reason)
{
	unsigned int type = get_le16(file.data + E_TYPE);

	switch (type) {
	case ET_EXEC:
		return 0;
	case ET_REL:
		return refuse(reason, "this is an object file (ET_REL): link "
				      "it, ld -T script.ld -o kernel.elf");
	case ET_DYN:
		return refuse(reason, "this is position-independent (ET_DYN), "
				      "nobody would relocate it: compile with "
				      "-fno-pie, link with -no-pie -static");
	case ET_CORE:
		return refuse(reason, "this is a core dump (ET_CORE): give "
				      "the program itself");
	default:
		return refuse(reason,
			      "ELF type %u is no program, ET_EXEC is %d: link "
			      "with -static",
			      type, ET_EXEC);
	}
}

static int check_table(struct bytes file, struct reason *reason)
{
	uint64_t offset = get_le64(file.data + E_PHOFF);
	unsigned int size = get_le16(file.data + E_PHENTSIZE);
	unsigned int count = get_le16(file.data + E_PHNUM);

	if (!count)
		return refuse(reason, "no program headers, nothing to load: "
				      "link with ld, and do not strip them");
	if (size != P_SIZE)
		return refuse(reason,
			      "program headers of %u bytes (e_phentsize), "
			      "%d are needed: build the kernel again",
			      size, P_SIZE);
	if (count == PN_XNUM)
		return refuse(reason, "more than 65534 program headers "
				      "(e_phnum is PN_XNUM): link into fewer "
				      "segments");
	if (offset > file.size || (uint64_t)count * P_SIZE > file.size - offset)
		return refuse(reason,
			      "%u program headers at " HEX " end beyond the "
			      "file of %zu bytes: it is cut short, build it "
			      "again",
			      count, offset, file.size);
	return 0;
}

int elf_header_check(struct bytes file, struct reason *reason)
{
	if (check_format(file, reason) || check_machine(file, reason) ||
	    check_type(file, reason) || check_table(file, reason))
		return -1;
	return 0;
}
