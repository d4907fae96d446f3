/*
 * elf.c - read a kernel: what goes where.
 */
#include <string.h>

#include "boot/layout.h"
#include "elf.h"
#include "elf_check.h"
#include "elf_header.h"
#include "elf_parts.h"
#include "elf_sections.h"
#include "tools/elf/elf64.h"

/* Program header (System V ABI 5), byte offsets. */
#define P_TYPE 0
#define P_FLAGS 4
#define P_OFFSET 8
#define P_VADDR 16
#define P_PADDR 24
#define P_FILESZ 32
#define P_MEMSZ 40

#define PT_LOAD 1
#define PT_DYNAMIC 2
#define PT_INTERP 3

static void read_load(const uint8_t *header, struct elf_load *load)
{
	load->flags = get_le32(header + P_FLAGS);
	load->offset = get_le64(header + P_OFFSET);
	load->virtual = get_le64(header + P_VADDR);
	load->physical = get_le64(header + P_PADDR);
	load->file_bytes = get_le64(header + P_FILESZ);
	load->memory = get_le64(header + P_MEMSZ);
}

/* Takes off what the linker has put in front. */
static void leave_out(struct elf_load *load, uint64_t front)
{
	uint64_t bytes = load->offset < front ? front - load->offset : 0;

	if (bytes > load->file_bytes)
		bytes = load->file_bytes;
	load->offset += bytes;
	load->file_bytes -= bytes;
	load->memory -= bytes;
	load->physical += bytes;
	load->virtual += bytes;
}

/* In the order of memory. */
static void plan_insert(struct elf_plan *plan, const struct elf_load *load)
{
	unsigned int at = plan->count++;

	for (; at && plan->loads[at - 1].physical > load->physical; at--)
		plan->loads[at] = plan->loads[at - 1];
	plan->loads[at] = *load;
}

/* Takes one program header into the plan, if it is one that matters. */
static int plan_header(const struct elf_source *source, unsigned int index,
		       struct elf_plan *plan, struct reason *reason)
{
	struct bytes file = source->file;
	const uint8_t *header = file.data + get_le64(file.data + E_PHOFF) +
				(size_t)index * P_SIZE;
	struct elf_load load = { .index = index };

	switch (get_le32(header + P_TYPE)) {
	case PT_LOAD:
		break;
	case PT_DYNAMIC:
	case PT_INTERP:
		return refuse(reason,
			      "program header %u asks for a dynamic linker: "
			      "link with -static -nostdlib (gcc, clang), "
			      "or for --target x86_64-unknown-none with "
			      "-C relocation-model=static (rustc)",
			      index);
	default:
		return 0;
	}
	read_load(header, &load);
	if (elf_check_load(source, &load, reason))
		return -1;
	leave_out(&load, source->front);
	if (!load.memory)
		return 0;
	if (elf_check_place(source, &load, reason) ||
	    elf_check_overlap(source, plan, &load, reason))
		return -1;
	if (plan->count == ELF_LOADS_MAX)
		return refuse(reason,
			      "more than %d segments to load: merge sections "
			      "in the linker script",
			      ELF_LOADS_MAX);
	plan_insert(plan, &load);
	return 0;
}

int elf_plan(struct bytes file, struct elf_plan *plan, struct reason *reason)
{
	struct elf_source source = { .file = file };

	memset(plan, 0, sizeof(*plan));
	if (elf_header_check(file, reason))
		return -1;
	source.front = elf_front(file, &source.doubt);
	for (unsigned int i = 0; i < get_le16(file.data + E_PHNUM); i++)
		if (plan_header(&source, i, plan, reason))
			return -1;
	plan->entry = get_le64(file.data + E_ENTRY);
	if (elf_check_contents(plan, reason) || elf_check_entry(plan, reason))
		return -1;
	return elf_parts(plan, reason);
}

void elf_flatten(struct bytes file, const struct elf_plan *plan,
		 const struct elf_part *part, uint8_t *flat)
{
	memset(flat, 0, part->bytes);
	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *load = &plan->loads[i];

		if (load->file_bytes &&
		    load->physical - part->base < part->bytes)
			memcpy(flat + (load->physical - part->base),
			       file.data + load->offset, load->file_bytes);
	}
}
