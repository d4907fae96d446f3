/*
 * elf64.c - ELF files for 64-bit x86: the header, and what sections there are.
 */
#include <string.h>

#include "elf64.h"
#include "tools/image/recognise.h"

/* The first bytes of the file header. */
#define EI_CLASS 4
#define EI_DATA 5
#define EI_VERSION 6

#define ELFCLASS32 1
#define ELFCLASS64 2
#define ELFDATA2LSB 1
#define EM_X86_64 62

/* A section header, byte offsets. */
#define SH_NAME 0
#define SH_TYPE 4
#define SH_FLAGS 8
#define SH_ADDR 16
#define SH_OFFSET 24
#define SH_BYTES 32
#define SH_LINK 40
#define SH_SIZE 64 /* of a section header */

/* ---- The header ---------------------------------------------------------- */

/* What to do with a file that is none; the kernel is inside, or it was made
 * for another machine. */
static const char *format_remedy(const struct recognised *found)
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
		      format_remedy(&found));
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

#define X86_64_HOW \
	"(clang --target=x86_64-none-elf, rustc --target x86_64-unknown-none)"

int elf64_check(struct bytes file, struct reason *reason)
{
	unsigned int machine;

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
				      "-m64, link with -m elf_x86_64 (rustc: "
				      "--target x86_64-unknown-none)");
	if (file.data[EI_CLASS] != ELFCLASS64 || file.data[EI_VERSION] != 1)
		return refuse(reason,
			      "ELF class %u, version %u is unknown, 2 and 1 "
			      "are needed: build the kernel again",
			      file.data[EI_CLASS], file.data[EI_VERSION]);
	if (file.data[EI_DATA] != ELFDATA2LSB)
		return refuse(reason, "this ELF file is big-endian, x86-64 is "
				      "not: compile for x86_64 " X86_64_HOW);
	machine = get_le16(file.data + E_MACHINE);
	if (machine != EM_X86_64)
		return refuse(reason,
			      "this is code for %s (e_machine %u), x86-64 is "
			      "%d: compile for x86_64 " X86_64_HOW,
			      machine_name(machine), machine, EM_X86_64);
	return 0;
}

/* ---- Sections ------------------------------------------------------------ */

int elf64_sections(struct bytes file, struct elf64_sections *sections,
		   struct reason *reason)
{
	uint64_t start = get_le64(file.data + E_SHOFF);
	uint64_t count = get_le16(file.data + E_SHNUM);
	struct reason why;

	*sections = (struct elf64_sections){ .file = file };
	if (!start || get_le16(file.data + E_SHENTSIZE) != SH_SIZE)
		return refuse(reason, "the file has no section headers: do "
				      "not strip it");
	/* too many for 16 bits: the first entry has the number */
	if (!count && start < file.size && file.size - start >= SH_SIZE)
		count = get_le64(file.data + start + SH_BYTES);
	if (!count || start > file.size ||
	    count > (file.size - start) / SH_SIZE)
		return refuse(reason,
			      "%" PRIu64 " section headers end beyond the file "
			      "of %zu bytes: it is cut short, link it again",
			      count, file.size);
	sections->start = start;
	sections->end = start + count * SH_SIZE;
	sections->count = count;
	sections->names_index = get_le16(file.data + E_SHSTRNDX);
	elf64_contents(sections, sections->names_index, &sections->names, &why);
	return 0;
}

/* The name at `offset` of the table of names. */
static const char *name_at(struct bytes names, uint32_t offset)
{
	if (offset >= names.size ||
	    !memchr(names.data + offset, 0, names.size - offset))
		return "";
	return (const char *)names.data + offset;
}

struct elf64_section elf64_section(const struct elf64_sections *sections,
				   uint64_t index)
{
	const uint8_t *header =
		sections->file.data + sections->start + index * SH_SIZE;

	return (struct elf64_section){
		.name = name_at(sections->names, get_le32(header + SH_NAME)),
		.type = get_le32(header + SH_TYPE),
		.link = get_le32(header + SH_LINK),
		.flags = get_le64(header + SH_FLAGS),
		.address = get_le64(header + SH_ADDR),
		.offset = get_le64(header + SH_OFFSET),
		.size = get_le64(header + SH_BYTES),
	};
}

int elf64_contents(const struct elf64_sections *sections, uint64_t index,
		   struct bytes *contents, struct reason *reason)
{
	struct bytes file = sections->file;
	struct elf64_section section;

	*contents = (struct bytes){ file.data, 0 };
	if (index >= sections->count)
		return refuse(reason,
			      "there is no section %" PRIu64 ", the last is "
			      "%" PRIu64 ": link the file again",
			      index, sections->count - 1);
	section = elf64_section(sections, index);
	if (section.type == SHT_NOBITS || section.type == SHT_NULL)
		return 0;
	if (section.offset > file.size ||
	    section.size > file.size - section.offset)
		return refuse(reason,
			      "section %" PRIu64 " ends beyond the file of %zu "
			      "bytes: it is cut short, link it again",
			      index, file.size);
	if (section.flags & SHF_COMPRESSED)
		return refuse(reason,
			      "section %" PRIu64 " is compressed: link with "
			      "--compress-debug-sections=none",
			      index);
	contents->data += section.offset;
	contents->size = (size_t)section.size;
	return 0;
}
