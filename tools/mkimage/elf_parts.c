/*
 * elf_parts.c - which segments of a kernel are stored together?
 */
#include "boot/layout.h"
#include "elf_parts.h"

/* Does `load` belong to the part below it? The gap counts in the file, where it
 * would be stored; of a load without bytes nothing is. */
static int is_near(const struct elf_part *part, const struct elf_load *load)
{
	uint64_t end =
		part->base + (load->file_bytes ? part->bytes : part->memory);

	return load->physical <= end || load->physical - end <= ELF_GAP_MAX;
}

static void part_extend(struct elf_part *part, const struct elf_load *load)
{
	uint64_t start = load->physical - part->base;

	if (load->file_bytes)
		part->bytes = start + load->file_bytes;
	part->memory = start + load->memory;
}

/* A part that starts with `load`. The loader wants a byte of each on disk: that
 * of a bss alone is a zero. */
static struct elf_part part_start(const struct elf_load *load)
{
	struct elf_part part = {
		.base = load->physical / PAGE_SIZE * PAGE_SIZE,
		.bytes = 1,
	};

	part_extend(&part, load);
	return part;
}

/* A bss may end in the page where the next part starts: what it has there is
 * left to that one, in which it is zeros, too. */
static void part_end_at(struct elf_part *part, uint64_t end)
{
	if (part->memory > end - part->base)
		part->memory = end - part->base;
}

/* The loader enters the first. */
static void entry_first(struct elf_plan *plan)
{
	for (unsigned int i = 0; i < plan->part_count; i++) {
		struct elf_part part = plan->parts[i];

		if (plan->entry - part.base >= part.memory)
			continue;
		plan->parts[i] = plan->parts[0];
		plan->parts[0] = part;
	}
}

int elf_parts(struct elf_plan *plan, struct reason *reason)
{
	struct elf_part *last = NULL;

	for (unsigned int i = 0; i < plan->count; i++) {
		const struct elf_load *load = &plan->loads[i];

		plan->end = load->physical + load->memory;
		if (last && is_near(last, load)) {
			part_extend(last, load);
			continue;
		}
		if (plan->part_count == ELF_PARTS_MAX)
			return refuse(
				reason,
				"the segments lie in more than %d places, "
				"with over " HEX " bytes (1 MiB) between "
				"them: move some together in the linker "
				"script",
				ELF_PARTS_MAX, (uint64_t)ELF_GAP_MAX);
		plan->parts[plan->part_count] = part_start(load);
		if (last)
			part_end_at(last, plan->parts[plan->part_count].base);
		last = &plan->parts[plan->part_count++];
	}
	entry_first(plan);
	return 0;
}
