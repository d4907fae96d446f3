/*
 * functions.c - the functions of an ELF file, from its symbol table.
 */
#include <stdlib.h>
#include <string.h>

#include "functions.h"

/* Symbol (System V ABI 4, "Symbol Table"), byte offsets. */
#define ST_NAME 0
#define ST_INFO 4
#define ST_SHNDX 6
#define ST_VALUE 8
#define ST_SIZE 16
#define ST_ENTRY_SIZE 24

#define STT_NOTYPE 0
#define STT_FUNC 2

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length >= end_length && !strcmp(name + length - end_length, end);
}

/* Without a type: may it be a function all the same? */
static bool may_be_function(const char *name)
{
	return !strcmp(name, "_start") ||
	       (!strchr(name, '.') && !ends_in(name, "_start") &&
		!ends_in(name, "_end"));
}

static int functions_append(struct functions *functions,
			    const struct function *function,
			    struct reason *reason)
{
	if (functions->count == functions->room) {
		size_t room = functions->room ? functions->room * 2 : 256;
		struct function *list =
			realloc(functions->list, room * sizeof(*list));

		if (!list)
			return refuse_memory(reason);
		functions->list = list;
		functions->room = room;
	}
	functions->list[functions->count++] = *function;
	return 0;
}

/* Takes a symbol into the list, if it is a function. */
static int take_symbol(const struct elf64_sections *sections,
		       const uint8_t *symbol, struct bytes names,
		       struct functions *functions, struct reason *reason)
{
	unsigned int type = symbol[ST_INFO] & 0xF;
	unsigned int index = get_le16(symbol + ST_SHNDX);
	uint32_t name = get_le32(symbol + ST_NAME);
	struct function function = {
		.start = get_le64(symbol + ST_VALUE),
		.size = get_le64(symbol + ST_SIZE),
		.typed = type == STT_FUNC,
	};
	struct elf64_section section;

	if ((type != STT_FUNC && type != STT_NOTYPE) || !index ||
	    index >= sections->count || name >= names.size ||
	    !memchr(names.data + name, 0, names.size - name))
		return 0;
	section = elf64_section(sections, index);
	function.name = (const char *)names.data + name;
	function.limit = section.address + section.size;
	if (!(section.flags & SHF_EXECINSTR) ||
	    function.start < section.address ||
	    function.start >= function.limit || !*function.name ||
	    (!function.typed && !may_be_function(function.name)))
		return 0;
	function.name_length = 1 + strcspn(function.name + 1, ".");
	return functions_append(functions, &function, reason);
}

/* By address; of two names for one, the better one first. */
static int compare_functions(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->typed != b->typed)
		return a->typed ? -1 : 1;
	return strcmp(a->name, b->name);
}

/* Drops second names and labels inside functions, then gives sizes to those
 * that have none. */
static void settle_functions(struct functions *functions)
{
	struct function *list = functions->list;
	size_t kept = 0;

	for (size_t i = 0; i < functions->count; i++) {
		const struct function *last = kept ? &list[kept - 1] : NULL;

		if (last && (list[i].start == last->start ||
			     (!list[i].typed &&
			      list[i].start - last->start < last->size)))
			continue;
		list[kept++] = list[i];
	}
	functions->count = kept;
	for (size_t i = 0; i < kept; i++) {
		uint64_t room = list[i].limit - list[i].start;

		if (i + 1 < kept && list[i + 1].start - list[i].start < room)
			room = list[i + 1].start - list[i].start;
		if (!list[i].size || list[i].size > room)
			list[i].size = room;
	}
}

/* All symbols of the table that is section `index`. */
static int take_table(const struct elf64_sections *sections, uint64_t index,
		      struct functions *functions, struct reason *reason)
{
	struct elf64_section table = elf64_section(sections, index);
	struct bytes symbols, names;

	if (elf64_contents(sections, index, &symbols, reason) ||
	    elf64_contents(sections, table.link, &names, reason))
		return -1;
	for (size_t at = 0; symbols.size - at >= ST_ENTRY_SIZE;
	     at += ST_ENTRY_SIZE)
		if (take_symbol(sections, symbols.data + at, names, functions,
				reason))
			return -1;
	return 0;
}

int functions_read(const struct elf64_sections *sections,
		   struct functions *functions, struct reason *reason)
{
	memset(functions, 0, sizeof(*functions));
	for (uint64_t i = 1; i < sections->count; i++)
		if (elf64_section(sections, i).type == SHT_SYMTAB &&
		    take_table(sections, i, functions, reason))
			return -1;
	if (!functions->count)
		return refuse(reason, "the file names no function: do not "
				      "strip it");
	qsort(functions->list, functions->count, sizeof(*functions->list),
	      compare_functions);
	settle_functions(functions);
	return 0;
}

void functions_release(struct functions *functions)
{
	free(functions->list);
	memset(functions, 0, sizeof(*functions));
}
