/*
 * elf.c - read a kernel, or say why it can't be booted.
 */
#include <string.h>

#include "boot/layout.h"
#include "elf.h"
#include "elf_header.h"
#include "elf_sections.h"

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
#define PF_X 1

/* What a plan is made from. */
struct source {
	struct bytes file;
	uint64_t front; /* bytes at its start that are not the kernel's */
	const char *doubt; /* a remedy, if that can't be told */
};

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

/* What to do about a load in the wrong place: `usual`, unless the headers that
 * could not be left out have brought it there. */
static const char *remedy(const struct source *source,
			  const struct elf_load *load, const char *usual)
{
	return source->doubt && load->file_bytes && load->offset < E_SIZE ?
		       source->doubt :
		       usual;
}

static int check_load(struct bytes file, const struct elf_load *load,
		      struct reason *reason)
{
	if (load->file_bytes > load->memory)
		return refuse(reason,
			      "segment %u has " HEX " bytes in the file but "
			      "room for " HEX " in memory: mend the linker "
			      "script",
			      load->index, load->file_bytes, load->memory);
	if (load->offset > file.size ||
	    load->file_bytes > file.size - load->offset)
		return refuse(reason,
			      "segment %u is " HEX " bytes at offset " HEX
			      ", beyond the file of %zu bytes: it is cut "
			      "short, build it again",
			      load->index, load->file_bytes, load->offset,
			      file.size);
	if (load->memory > UINT64_MAX - load->physical ||
	    load->memory > UINT64_MAX - load->virtual)
		return refuse(reason,
			      "segment %u, " HEX " bytes at " HEX
			      " (virtual " HEX "), wraps around the end of "
			      "the address space: mend the linker script",
			      load->index, load->memory, load->physical,
			      load->virtual);
	return 0;
}

static void label_load(const struct source *source, const struct elf_load *load,
		       char label[ELF_LABEL_MAX])
{
	elf_label(source->file, load->offset, load->offset + load->file_bytes,
		  label);
}

static int check_place(const struct source *source, const struct elf_load *load,
		       struct reason *reason)
{
	char label[ELF_LABEL_MAX];

	if (load->physical >= LOAD_ADDR &&
	    load->physical + load->memory <= LOAD_END)
		return 0;
	label_load(source, load, label);
	if (load->physical < LOAD_ADDR)
		return refuse(reason,
			      "segment %u%s loads at " HEX ", below " HEX
			      " (1 MiB), where BIOS and loader are: %s",
			      load->index, label, load->physical,
			      (uint64_t)LOAD_ADDR,
			      remedy(source, load,
				     "link at 1 MiB or above, with "
				     "'-Ttext=0x200000' or '. = 0x200000;'"));
	return refuse(reason,
		      "segment %u%s loads at " HEX " to " HEX ", above " HEX
		      " (4 GiB): give it a lower load address, as in "
		      "AT(ADDR(.text) - KERNEL_BASE)",
		      load->index, label, load->physical,
		      load->physical + load->memory, (uint64_t)LOAD_END);
}

static int refuse_overlap(const struct source *source, const struct elf_load *a,
			  const struct elf_load *b, struct reason *reason)
{
	char label_a[ELF_LABEL_MAX], label_b[ELF_LABEL_MAX];

	label_load(source, a, label_a);
	label_load(source, b, label_b);
	return refuse(reason,
		      "segments %u%s (" HEX " to " HEX ") and %u%s (" HEX
		      " to " HEX ") overlap in memory: %s",
		      a->index, label_a, a->physical, a->physical + a->memory,
		      b->index, label_b, b->physical, b->physical + b->memory,
		      remedy(source, a,
			     remedy(source, b, "mend the linker script")));
}

static int check_overlap(const struct source *source,
			 const struct elf_plan *plan,
			 const struct elf_load *load, struct reason *reason)
{
	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *other = &plan->loads[i];

		if (load->physical < other->physical + other->memory &&
		    other->physical < load->physical + load->memory)
			return refuse_overlap(source, other, load, reason);
	}
	return 0;
}

/* Takes one program header into the plan, if it is one that matters. */
static int plan_header(const struct source *source, unsigned int index,
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
			      "link with -static -nostdlib",
			      index);
	default:
		return 0;
	}
	read_load(header, &load);
	if (check_load(file, &load, reason))
		return -1;
	leave_out(&load, source->front);
	if (!load.memory)
		return 0;
	if (check_place(source, &load, reason) ||
	    check_overlap(source, plan, &load, reason))
		return -1;
	if (plan->count == ELF_LOADS_MAX)
		return refuse(reason,
			      "more than %d segments to load: merge sections "
			      "in the linker script",
			      ELF_LOADS_MAX);
	plan->loads[plan->count++] = load;
	return 0;
}

static int refuse_span(const struct source *source, const struct elf_plan *plan,
		       const struct elf_load *lowest, struct reason *reason)
{
	const char *what = "move them together in the linker script";
	char label[ELF_LABEL_MAX];

	label_load(source, lowest, label);
	if (!strncmp(label, " (.note", strlen(" (.note")))
		what = "that is a note of the compiler's, remove it with "
		       "objcopy -R, or place it in a linker script";
	return refuse(reason,
		      "the segments span " HEX "%s to " HEX ", " HEX
		      " bytes, at most " HEX " (64 MiB) load: %s",
		      plan->base, label, plan->base + plan->memory,
		      plan->memory, (uint64_t)KERNEL_SPAN_MAX,
		      remedy(source, lowest, what));
}

/* Where the flat image starts and ends, on disk and in memory. */
static int plan_span(const struct source *source, struct elf_plan *plan,
		     struct reason *reason)
{
	const struct elf_load *lowest = plan->loads;
	uint64_t bytes_end = 0, memory_end = 0;

	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *load = &plan->loads[i];
		uint64_t end = load->physical + load->file_bytes;

		if (load->physical < lowest->physical)
			lowest = load;
		if (load->file_bytes && end > bytes_end)
			bytes_end = end;
		if (load->physical + load->memory > memory_end)
			memory_end = load->physical + load->memory;
	}
	if (!bytes_end)
		return refuse(reason, "no segment has any contents to load "
				      "(PT_LOAD): link code into the kernel");
	plan->base = lowest->physical / PAGE_SIZE * PAGE_SIZE;
	plan->memory = memory_end - plan->base;
	plan->bytes = bytes_end - plan->base;
	if (plan->memory > KERNEL_SPAN_MAX)
		return refuse_span(source, plan, lowest, reason);
	return 0;
}

/* The loader jumps to e_entry with physical = virtual. Which segment holds
 * it, by either address? */
static const struct elf_load *entry_load(const struct elf_plan *plan)
{
	const struct elf_load *found = NULL;

	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *load = &plan->loads[i];

		if (plan->entry - load->virtual < load->memory)
			return load;
		if (plan->entry - load->physical < load->memory)
			found = load;
	}
	return found;
}

static int check_entry(const struct elf_plan *plan, struct reason *reason)
{
	const struct elf_load *load = entry_load(plan);

	if (!load && !plan->entry)
		return refuse(reason, "the entry point is 0: name it in the "
				      "linker script, ENTRY(_start), and make "
				      "the symbol global");
	if (!load)
		return refuse(reason,
			      "the entry point " HEX " lies in nothing that "
			      "is loaded: check ENTRY() in the linker script, "
			      "or -e",
			      plan->entry);
	if (load->virtual != load->physical)
		return refuse(reason,
			      "the segment of the entry point " HEX
			      " is linked at virtual " HEX " but loads at " HEX
			      "; paging maps the first 4 GiB one to one: put "
			      "the entry code into a section of its own, "
			      "linked where it loads, that maps the rest",
			      plan->entry, load->virtual, load->physical);
	if (plan->entry - load->physical >= load->file_bytes)
		return refuse(reason,
			      "the entry point " HEX " lies in the zeroed part "
			      "of segment %u: put it into .text, not .bss",
			      plan->entry, load->index);
	if (!(load->flags & PF_X))
		return refuse(reason,
			      "the entry point " HEX " lies in segment %u, "
			      "which is not executable: mark its section "
			      "executable ('ax'), it must be code",
			      plan->entry, load->index);
	return 0;
}

int elf_plan(struct bytes file, struct elf_plan *plan, struct reason *reason)
{
	struct source source = { .file = file };

	memset(plan, 0, sizeof(*plan));
	if (elf_header_check(file, reason))
		return -1;
	source.front = elf_front(file, &source.doubt);
	for (unsigned int i = 0; i < get_le16(file.data + E_PHNUM); i++)
		if (plan_header(&source, i, plan, reason))
			return -1;
	plan->entry = get_le64(file.data + E_ENTRY);
	if (plan_span(&source, plan, reason))
		return -1;
	return check_entry(plan, reason);
}

void elf_flatten(struct bytes file, const struct elf_plan *plan, uint8_t *flat)
{
	memset(flat, 0, plan->bytes);
	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *load = &plan->loads[i];

		if (load->file_bytes)
			memcpy(flat + (load->physical - plan->base),
			       file.data + load->offset, load->file_bytes);
	}
}
