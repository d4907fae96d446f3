/*
 * sections.c - the sections of an ELF64 file for x86-64.
 */
#include <inttypes.h>
#include <string.h>

#include "sections.h"
#include "tools/image/disk.h"
#include "tools/image/recognise.h"

/* File header, byte offsets. */
#define EI_CLASS 4
#define EI_DATA 5
#define E_MACHINE 18
#define E_SHOFF 40
#define E_SHENTSIZE 58
#define E_SHNUM 60
#define E_SHSTRNDX 62
#define E_SIZE 64

#define ELFCLASS64 2
#define ELFDATA2LSB 1
#define EM_X86_64 62

/* Section header, byte offsets. */
#define SH_NAME 0
#define SH_TYPE 4
#define SH_FLAGS 8
#define SH_ADDR 16
#define SH_OFFSET 24
#define SH_SIZE 32
#define SH_LINK 40
#define SH_ENTRY_SIZE 64

#define SHT_NOBITS 8
#define SHF_EXECINSTR 0x4
#define SHF_COMPRESSED 0x800

static const char *format_name(struct bytes file)
{
	struct disk disk;
	struct recognised found;

	disk_from_memory(file, &disk);
	found = recognise(&disk);
	return found.kind == KIND_UNKNOWN ? "perhaps a flat binary" :
					    found.what;
}

static int check_header(struct bytes file, struct reason *reason)
{
	if (file.size < E_SIZE || memcmp(file.data, "\177ELF", 4))
		return refuse(reason,
			      "this is %s, no ELF file: give the linker's "
			      "output, before objcopy",
			      format_name(file));
	if (file.data[EI_CLASS] != ELFCLASS64 ||
	    file.data[EI_DATA] != ELFDATA2LSB ||
	    get_le16(file.data + E_MACHINE) != EM_X86_64)
		return refuse(reason, "this ELF file is not for 64-bit x86: "
				      "compile with -m64");
	return 0;
}

/* The name at `offset` of the table of names. */
static const char *name_at(const struct sections *sections, uint32_t offset)
{
	struct bytes names = sections->names;

	if (offset >= names.size ||
	    !memchr(names.data + offset, 0, names.size - offset))
		return "";
	return (const char *)names.data + offset;
}

int sections_get(const struct sections *sections, unsigned int index,
		 struct section *section, struct reason *reason)
{
	const uint8_t *header = sections->file.data + sections->table +
				(size_t)index * SH_ENTRY_SIZE;
	uint64_t offset, flags;

	if (index >= sections->count)
		return refuse(reason,
			      "there is no section %u, the last is %u: link "
			      "the file again",
			      index, sections->count - 1);
	offset = get_le64(header + SH_OFFSET);
	flags = get_le64(header + SH_FLAGS);
	section->name = name_at(sections, get_le32(header + SH_NAME));
	section->type = get_le32(header + SH_TYPE);
	section->has_code = flags & SHF_EXECINSTR;
	section->address = get_le64(header + SH_ADDR);
	section->size = get_le64(header + SH_SIZE);
	section->link = get_le32(header + SH_LINK);
	section->bytes = (struct bytes){ sections->file.data, 0 };
	if (section->type == SHT_NOBITS || !section->type)
		return 0;
	if (offset > sections->file.size ||
	    section->size > sections->file.size - offset)
		return refuse(reason,
			      "section %u ends beyond the file of %zu bytes: "
			      "it is cut short, link it again",
			      index, sections->file.size);
	if (flags & SHF_COMPRESSED)
		return refuse(reason,
			      "section %u is compressed: link with "
			      "--compress-debug-sections=none",
			      index);
	section->bytes.data += offset;
	section->bytes.size = (size_t)section->size;
	return 0;
}

int sections_open(struct bytes file, struct sections *sections,
		  struct reason *reason)
{
	struct section names;
	unsigned int count, size;

	memset(sections, 0, sizeof(*sections));
	if (check_header(file, reason))
		return -1;
	count = get_le16(file.data + E_SHNUM);
	size = get_le16(file.data + E_SHENTSIZE);
	sections->file = file;
	sections->table = get_le64(file.data + E_SHOFF);
	if (!count || size != SH_ENTRY_SIZE)
		return refuse(reason, "the file has no section headers: do "
				      "not strip it");
	if (sections->table > file.size ||
	    (uint64_t)count * size > file.size - sections->table)
		return refuse(reason,
			      "%u section headers end beyond the file of %zu "
			      "bytes: it is cut short, link it again",
			      count, file.size);
	sections->count = count;
	if (sections_get(sections, get_le16(file.data + E_SHSTRNDX), &names,
			 reason))
		return -1;
	sections->names = names.bytes;
	return 0;
}

int sections_find(const struct sections *sections, const char *name,
		  struct bytes *contents, struct reason *reason)
{
	struct section section;

	*contents = (struct bytes){ sections->file.data, 0 };
	for (unsigned int i = 1; i < sections->count; i++) {
		if (sections_get(sections, i, &section, reason))
			return -1;
		if (!strcmp(section.name, name)) {
			*contents = section.bytes;
			return 0;
		}
	}
	return 0;
}
