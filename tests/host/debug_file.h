/*
 * debug_file.h - an ELF file with symbols and line programs, for the tests of
 * symtab.
 *
 * Its code lies at DEBUG_FILE_TEXT. Sections: 1 .text, 2 .debug_line,
 * 3 .debug_line_str, 4 .symtab, 5 .strtab, 6 .shstrtab.
 */
#ifndef TESTS_DEBUG_FILE_H
#define TESTS_DEBUG_FILE_H

#include <stdlib.h>
#include <string.h>

#include "tools/file/bytes.h"

#define DEBUG_FILE_TEXT 0x100000
#define DEBUG_FILE_TEXT_BYTES 0x1000
#define DEBUG_FILE_SECTIONS 7
#define DEBUG_FILE_MAX 0x10000

/* Symbol types (System V ABI 4, "Symbol Table"). */
#define DEBUG_FILE_NOTYPE 0
#define DEBUG_FILE_OBJECT 1
#define DEBUG_FILE_FUNC 2

struct debug_symbol {
	const char *name;
	uint64_t value, size;
	unsigned int type, section;
};

struct debug_file {
	uint8_t *data; /* malloc'd, DEBUG_FILE_MAX bytes */
	size_t size;
};

/* Section header `index`; the file's headers follow the ELF header. */
static inline uint8_t *debug_file_section(const struct debug_file *file,
					  unsigned int index)
{
	return file->data + 64 + 64 * (size_t)index;
}

static inline void debug_file_add(struct debug_file *file, unsigned int index,
				  unsigned int name, unsigned int type,
				  const void *data, size_t size)
{
	uint8_t *header = debug_file_section(file, index);

	if (size > DEBUG_FILE_MAX - file->size)
		abort();
	put_le32(header, name);
	put_le32(header + 4, type);
	put_le64(header + 24, file->size);
	put_le64(header + 32, size);
	if (size)
		memcpy(file->data + file->size, data, size);
	file->size += size;
}

static inline void debug_file_symbols(struct debug_file *file,
				      const struct debug_symbol *symbols)
{
	uint8_t table[24 * 32] = { 0 };
	char names[1024] = "";
	size_t used = 1, count = 1;

	for (; symbols->name; symbols++, count++) {
		uint8_t *entry = table + 24 * count;

		put_le32(entry, (uint32_t)used);
		entry[4] = (uint8_t)symbols->type;
		put_le16(entry + 6, (uint16_t)symbols->section);
		put_le64(entry + 8, symbols->value);
		put_le64(entry + 16, symbols->size);
		strcpy(names + used, symbols->name);
		used += strlen(symbols->name) + 1;
	}
	debug_file_add(file, 4, 35, 2, table, 24 * count);
	put_le32(debug_file_section(file, 4) + 40, 5); /* sh_link */
	debug_file_add(file, 5, 43, 3, names, used);
}

/* The file; `symbols` end with a name of NULL. The caller frees ->data. */
static inline struct debug_file
debug_file_make(const struct debug_symbol *symbols, struct bytes lines,
		struct bytes line_strings)
{
	/* offsets into it are 1, 7, 19, 35, 43, 51 */
	static const char names[] = "\0.text\0.debug_line\0.debug_line_str\0"
				    ".symtab\0.strtab\0.shstrtab";
	static const uint8_t text[DEBUG_FILE_TEXT_BYTES];
	struct debug_file file = { calloc(1, DEBUG_FILE_MAX), 64 };
	uint8_t *header = file.data;

	if (!header)
		abort();
	memcpy(header, "\177ELF\2\1\1", 7);
	put_le16(header + 16, 2);
	put_le16(header + 18, 62);
	put_le64(header + 40, 64);
	put_le16(header + 58, 64);
	put_le16(header + 60, DEBUG_FILE_SECTIONS);
	put_le16(header + 62, 6);
	file.size += (size_t)64 * DEBUG_FILE_SECTIONS;
	debug_file_add(&file, 1, 1, 1, text, sizeof(text));
	put_le64(debug_file_section(&file, 1) + 8, 6); /* alloc, exec */
	put_le64(debug_file_section(&file, 1) + 16, DEBUG_FILE_TEXT);
	debug_file_add(&file, 2, 7, 1, lines.data, lines.size);
	debug_file_add(&file, 3, 19, 1, line_strings.data, line_strings.size);
	debug_file_symbols(&file, symbols);
	debug_file_add(&file, 6, 51, 3, names, sizeof(names));
	return file;
}

#endif
