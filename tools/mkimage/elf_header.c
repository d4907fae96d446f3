/*
 * elf_header.c - is this a file that elf.c can read?
 */
#include "elf_header.h"
#include "tools/elf/elf64.h"

#define ET_REL 1
#define ET_EXEC 2
#define ET_DYN 3
#define ET_CORE 4
#define PN_XNUM 0xffff /* the count is elsewhere: more than 65,534 */

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
				      "-fno-pie, link with -no-pie -static "
				      "(gcc, clang), or build with "
				      "-C relocation-model=static (rustc)");
	case ET_CORE:
		return refuse(reason, "this is a core dump (ET_CORE): give "
				      "the program itself");
	default:
		return refuse(reason,
			      "ELF type %u is no program, ET_EXEC is %d: link "
			      "with -static (rustc: -C "
			      "relocation-model=static)",
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
	if (elf64_check(file, reason) || check_type(file, reason) ||
	    check_table(file, reason))
		return -1;
	return 0;
}
