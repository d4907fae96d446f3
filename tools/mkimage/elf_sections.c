/*
 * elf_sections.c - what the section headers of an ELF file are asked.
 */
#include <stdio.h>
#include <string.h>

#include "elf_header.h"
#include "elf_sections.h"

/* Section header (System V ABI 4, "Sections"), byte offsets. */
#define SH_NAME 0
#define SH_TYPE 4
#define SH_FLAGS 8
#define SH_OFFSET 24
#define SH_BYTES 32
#define SH_SIZE 64

#define SHT_NULL 0
#define SHT_NOBITS 8
#define SHF_ALLOC 2

struct range {
	uint64_t start;
	uint64_t end;
};

static int holds(struct range range, uint64_t offset)
{
	return offset >= range.start && offset < range.end;
}

/* The table of section headers in the file; empty if there is none that can
 * be read. */
static struct range section_table(struct bytes file)
{
	uint64_t offset = get_le64(file.data + E_SHOFF);
	uint64_t count = get_le16(file.data + E_SHNUM);

	if (!offset || offset > file.size || file.size - offset < SH_SIZE ||
	    get_le16(file.data + E_SHENTSIZE) != SH_SIZE)
		return (struct range){ 0, 0 };
	if (!count) /* too many for 16 bits: the first entry has the number */
		count = get_le64(file.data + offset + SH_BYTES);
	if (count > (file.size - offset) / SH_SIZE)
		return (struct range){ 0, 0 };
	return (struct range){ offset, offset + count * SH_SIZE };
}

/* The header of the first section in [start, end) of the file that takes
 * memory and has bytes there, or NULL. */
static const uint8_t *first_section(struct bytes file, struct range table,
				    struct range within)
{
	const uint8_t *first = NULL;

	for (uint64_t at = table.start; at < table.end; at += SH_SIZE) {
		const uint8_t *header = file.data + at;
		uint32_t type = get_le32(header + SH_TYPE);
		uint64_t offset = get_le64(header + SH_OFFSET);

		if (type == SHT_NULL || type == SHT_NOBITS ||
		    !(get_le64(header + SH_FLAGS) & SHF_ALLOC) ||
		    !get_le64(header + SH_BYTES) || !holds(within, offset))
			continue;
		first = header;
		within.end = offset; /* only an earlier one from now on */
	}
	return first;
}

uint64_t elf_front(struct bytes file, const char **doubt)
{
	uint64_t segments = get_le64(file.data + E_PHOFF);
	struct range program_table = {
		segments, segments + P_SIZE * get_le16(file.data + E_PHNUM)
	};
	struct range sections = section_table(file);
	const uint8_t *first =
		first_section(file, sections, (struct range){ 0, file.size });
	uint64_t front = first ? get_le64(first + SH_OFFSET) : file.size;

	*doubt = "it starts with the ELF header, and without section headers "
		 "nobody can tell where the kernel itself starts: leave them "
		 "in the file, as strip does";
	if (sections.start == sections.end)
		return 0;
	*doubt = "it starts with the ELF header, and in front of the first "
		 "section lies something else, which may be the kernel's: "
		 "give the linker's output, unchanged";
	for (uint64_t at = E_SIZE; at < front; at++)
		if (file.data[at] && !holds(program_table, at) &&
		    !holds(sections, at))
			return 0;
	*doubt = NULL;
	return front;
}

void elf_label(struct bytes file, uint64_t start, uint64_t end,
	       char label[ELF_LABEL_MAX])
{
	struct range table = section_table(file);
	const uint8_t *section =
		first_section(file, table, (struct range){ start, end });
	uint64_t names = table.start +
			 (uint64_t)get_le16(file.data + E_SHSTRNDX) * SH_SIZE;
	uint64_t name;
	int length = 0;

	label[0] = '\0';
	if (!section || !holds(table, names))
		return;
	name = get_le64(file.data + names + SH_OFFSET);
	if (name > file.size)
		return;
	name += get_le32(section + SH_NAME);
	while (name + (uint64_t)length < file.size &&
	       length < ELF_LABEL_MAX - 4 &&
	       file.data[name + (uint64_t)length] > ' ' &&
	       file.data[name + (uint64_t)length] <= '~')
		length++;
	if (length)
		snprintf(label, ELF_LABEL_MAX, " (%.*s)", length,
			 (const char *)file.data + name);
}
