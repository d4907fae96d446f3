/*
 * elf_sections.c - what the section headers of an ELF file are asked.
 */
#include <stdio.h>
#include <string.h>

#include "elf_header.h"
#include "elf_sections.h"
#include "tools/elf/elf64.h"

struct range {
	uint64_t start;
	uint64_t end;
};

static int range_holds(struct range range, uint64_t offset)
{
	return offset >= range.start && offset < range.end;
}

/* The first section in [start, end) of the file that takes memory and has bytes
 * there. Returns -1 if there is none. */
static int first_section(const struct elf64_sections *sections,
			 struct range within, struct elf64_section *first)
{
	int result = -1;

	for (uint64_t i = 0; i < sections->count; i++) {
		struct elf64_section section = elf64_section(sections, i);

		if (section.type == SHT_NULL || section.type == SHT_NOBITS ||
		    !(section.flags & SHF_ALLOC) || !section.size ||
		    !range_holds(within, section.offset))
			continue;
		*first = section;
		result = 0;
		within.end =
			section.offset; /* only an earlier one from now on */
	}
	return result;
}

uint64_t elf_front(struct bytes file, const char **doubt)
{
	uint64_t segments = get_le64(file.data + E_PHOFF);
	struct range program_table = {
		segments, segments + P_SIZE * get_le16(file.data + E_PHNUM)
	};
	struct elf64_sections sections;
	struct elf64_section first = { .offset = file.size };
	struct range section_table;
	struct reason why;

	*doubt = "it starts with the ELF header, and without section headers "
		 "nobody can tell where the kernel itself starts: leave them "
		 "in the file, as strip does";
	if (elf64_sections(file, &sections, &why))
		return 0;
	section_table = (struct range){ sections.start, sections.end };
	first_section(&sections, (struct range){ 0, file.size }, &first);
	*doubt = "it starts with the ELF header, and in front of the first "
		 "section lies something else, which may be the kernel's: "
		 "give the linker's output, unchanged";
	for (uint64_t at = E_SIZE; at < first.offset; at++)
		if (file.data[at] && !range_holds(program_table, at) &&
		    !range_holds(section_table, at))
			return 0;
	*doubt = NULL;
	return first.offset;
}

void elf_label(struct bytes file, uint64_t start, uint64_t end,
	       char label[ELF_LABEL_MAX])
{
	struct elf64_sections sections;
	struct elf64_section section;
	struct reason why;
	size_t length = 0;

	label[0] = '\0';
	if (elf64_sections(file, &sections, &why) ||
	    first_section(&sections, (struct range){ start, end }, &section))
		return;
	while (length < ELF_LABEL_MAX - 4 && section.name[length] > ' ' &&
	       section.name[length] <= '~')
		length++;
	if (length)
		snprintf(label, ELF_LABEL_MAX, " (%.*s)", (int)length,
			 section.name);
}
