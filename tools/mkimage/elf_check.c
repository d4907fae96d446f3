/*
 * elf_check.c - may the kernel's segments lie where they lie?
 */
#include "boot/layout.h"
#include "elf_check.h"
#include "elf_sections.h"
#include "tools/elf/elf64.h"

#define PF_X 1

/* What to do about a load in the wrong place: `usual`, unless the headers that
 * could not be left out have brought it there. */
static const char *kernel_remedy(const struct elf_source *source,
				 const struct elf_load *load, const char *usual)
{
	return source->doubt && load->file_bytes && load->offset < E_SIZE ?
		       source->doubt :
		       usual;
}

int elf_check_load(const struct elf_source *source, const struct elf_load *load,
		   struct reason *reason)
{
	struct bytes file = source->file;

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

static void label_load(const struct elf_source *source,
		       const struct elf_load *load, char label[ELF_LABEL_MAX])
{
	elf_label(source->file, load->offset, load->offset + load->file_bytes,
		  label);
}

int elf_check_place(const struct elf_source *source,
		    const struct elf_load *load, struct reason *reason)
{
	char label[ELF_LABEL_MAX];

	if (load->physical >= LOAD_ADDR &&
	    load->physical + load->memory <= LOAD_END)
		return 0;
	label_load(source, load, label);
	if (load->physical < LOAD_ADDR)
		return refuse(
			reason,
			"segment %u%s loads at " HEX ", below " HEX
			" (1 MiB), where BIOS and loader are: %s",
			load->index, label, load->physical, (uint64_t)LOAD_ADDR,
			kernel_remedy(source, load,
				      "link at 1 MiB or above, with "
				      "'-Ttext=0x200000' (ld, ld.lld), "
				      "'-Wl,-Ttext=0x200000' (gcc, clang), "
				      "'-C link-arg=-Ttext=0x200000' (rustc), "
				      "or '. = 0x200000;' in its script"));
	return refuse(reason,
		      "segment %u%s loads at " HEX " to " HEX ", above " HEX
		      " (4 GiB): give it a lower load address, as in "
		      "AT(ADDR(.text) - KERNEL_BASE)",
		      load->index, label, load->physical,
		      load->physical + load->memory, (uint64_t)LOAD_END);
}

static int refuse_overlap(const struct elf_source *source,
			  const struct elf_load *a, const struct elf_load *b,
			  struct reason *reason)
{
	char label_a[ELF_LABEL_MAX], label_b[ELF_LABEL_MAX];

	label_load(source, a, label_a);
	label_load(source, b, label_b);
	return refuse(reason,
		      "segments %u%s (" HEX " to " HEX ") and %u%s (" HEX
		      " to " HEX ") overlap in memory: %s",
		      a->index, label_a, a->physical, a->physical + a->memory,
		      b->index, label_b, b->physical, b->physical + b->memory,
		      kernel_remedy(source, a,
				    kernel_remedy(source, b,
						  "mend the linker script")));
}

int elf_check_overlap(const struct elf_source *source,
		      const struct elf_plan *plan, const struct elf_load *load,
		      struct reason *reason)
{
	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *other = &plan->loads[i];

		if (load->physical < other->physical + other->memory &&
		    other->physical < load->physical + load->memory)
			return refuse_overlap(source, other, load, reason);
	}
	return 0;
}

int elf_check_contents(const struct elf_plan *plan, struct reason *reason)
{
	for (unsigned int i = 0; i < plan->count; i++)
		if (plan->loads[i].file_bytes)
			return 0;
	return refuse(reason,
		      "no segment has any contents to load (PT_LOAD): link "
		      "code into the kernel");
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

int elf_check_entry(const struct elf_plan *plan, struct reason *reason)
{
	const struct elf_load *load = entry_load(plan);

	if (!load && !plan->entry)
		return refuse(reason, "the entry point is 0: name it in the "
				      "linker script, ENTRY(_start), and make "
				      "the symbol global (rustc: #[no_mangle] "
				      "pub extern \"C\" fn _start)");
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
