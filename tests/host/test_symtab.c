/*
 * test_symtab.c - from an ELF file's symbols and line programs to a table.
 */
#include <stdio.h>

#include "cmocka_test.h"
#include "debug_file.h"
#include "symbol.h"
#include "tools/symtab/table.h"

#define TEXT DEBUG_FILE_TEXT
#define FUNC DEBUG_FILE_FUNC
#define NOTYPE DEBUG_FILE_NOTYPE

static struct reason reason;

/* f from 0 to 0x20, g from 0x20 to 0x30. */
static const struct debug_symbol two_functions[] = {
	{ "f", TEXT, 0x20, FUNC, 1 },
	{ "g", TEXT + 0x20, 0x10, FUNC, 1 },
	{ NULL, 0, 0, 0, 0 },
};

/* DWARF 3: directory "d"; files a.c and d/b.h. From TEXT on: a.c:5, 2 bytes
 * on a.c:6, 0x1E on b.h:100, ends 0x10 on. */
static const uint8_t lines_3[] =
	"\x45\0\0\0" /* length */
	"\3\0"
	"\x23\0\0\0" /* header length */
	"\1\1\xFB\xE\xD\0\1\1\1\1\0\0\0\1\0\0\1" /* up to opcode lengths */
	"d\0\0"
	"a.c\0\0\0\0"
	"b.h\0\1\0\0"
	"\0"
	"\0\x9\2\0\0\x10\0\0\0\0\0" /* set address */
	"\3\4\1"		    /* line += 4, copy */
	"\x2F"			    /* special: 2 bytes, 1 line */
	"\4\2\2\x1E\3\xDE\0\1"	    /* file 2, 0x1E bytes, line += 94 */
	"\2\x10"		    /* 0x10 bytes */
	"\0\1\1";		    /* end */

/* DWARF 5, the same rows; directories and names by offset. */
static const uint8_t lines_5[] =
	"\x54\0\0\0"
	"\5\0\x8\0"
	"\x2E\0\0\0"
	"\1\1\1\xFB\xE\xD\0\1\1\1\1\0\0\0\1\0\0\1"
	"\1\1\x1F\2"
	"\0\0\0\0"
	"\2\0\0\0"
	"\2\1\x1F\2\xB\2"
	"\4\0\0\0\0"
	"\x8\0\0\0\1"
	"\0\x9\2\0\0\x10\0\0\0\0\0"
	"\3\4\4\0\1\x2F\4\1\2\x1E\3\xDE\0\1\2\x10\0\1\1";
static const uint8_t line_strings[] = ".\0d\0a.c\0b.h";

static struct debug_file make_file(const struct debug_symbol *symbols,
				   const uint8_t *lines, size_t size)
{
	return debug_file_make(symbols, (struct bytes){ lines, size },
			       (struct bytes){ line_strings,
					       sizeof(line_strings) });
}

static struct table make_table(const struct debug_symbol *symbols,
			       const uint8_t *lines, size_t size)
{
	struct debug_file file = make_file(symbols, lines, size);
	struct table table;

	reason.text[0] = '\0';
	if (table_make((struct bytes){ file.data, file.size }, &table, &reason))
		fail_msg("%s", reason.text);
	free(file.data);
	return table;
}

/* `expected` is as "f+2 a.c:6", or "" for no function. */
static void check(const struct table *table, uint64_t offset,
		  const char *expected)
{
	struct symbol found;
	char text[256] = "";

	if (symbol_find(table->data, table->size, TEXT + offset, &found))
		snprintf(text, sizeof(text), "%s+%x %s:%u", found.function,
			 (unsigned int)found.offset, found.file, found.line);
	assert_string_equal(text, expected);
}

static void check_rows(const uint8_t *lines, size_t size)
{
	struct table table = make_table(two_functions, lines, size);

	check(&table, 0, "f+0 a.c:5");
	check(&table, 1, "f+1 a.c:5");
	check(&table, 2, "f+2 a.c:6");
	check(&table, 0x1F, "f+1f a.c:6");
	check(&table, 0x20, "g+0 d/b.h:100");
	check(&table, 0x2F, "g+f d/b.h:100");
	check(&table, 0x30, "");
	table_release(&table);
}

static void test_versions(void **state)
{
	uint8_t lines[sizeof(lines_3)];

	(void)state;
	check_rows(lines_3, sizeof(lines_3) - 1);
	memcpy(lines, lines_3, sizeof(lines));
	lines[4] = 2;
	check_rows(lines, sizeof(lines) - 1);
	check_rows(lines_5, sizeof(lines_5) - 1);
}

/* Labels of assemblers, bounds, parts, second names, data. */
static void test_functions(void **state)
{
	static const struct debug_symbol symbols[] = {
		{ "text_start", TEXT, 0, NOTYPE, 1 },
		{ "label", TEXT, 0, NOTYPE, 1 },
		{ "label.loop", TEXT + 4, 0, NOTYPE, 1 },
		{ "label_end", TEXT + 8, 0, NOTYPE, 1 },
		{ "other", TEXT + 8, 0, NOTYPE, 1 },
		{ "second_name", TEXT + 0x10, 8, FUNC, 1 },
		{ "a_name", TEXT + 0x10, 8, FUNC, 1 },
		{ "inside", TEXT + 0x12, 0, NOTYPE, 1 },
		{ "cold.part.0", TEXT + 0x20, 4, FUNC, 1 },
		{ "data", TEXT + 0x24, 4, DEBUG_FILE_OBJECT, 1 },
		{ "elsewhere", TEXT + 0x28, 4, FUNC, 2 },
		{ "beyond", TEXT + DEBUG_FILE_TEXT_BYTES, 4, FUNC, 1 },
		{ "_start", TEXT + 0x30, 0, NOTYPE, 1 },
		{ NULL, 0, 0, 0, 0 },
	};
	struct table table = make_table(symbols, NULL, 0);

	(void)state;
	check(&table, 0, "label+0 :0");
	check(&table, 7, "label+7 :0");
	check(&table, 8, "other+0 :0");
	check(&table, 0xF, "other+7 :0");
	check(&table, 0x10, "a_name+0 :0");
	check(&table, 0x17, "a_name+7 :0");
	check(&table, 0x18, "");
	check(&table, 0x23, "cold+3 :0");
	check(&table, 0x24, "");
	check(&table, 0x28, "");
	check(&table, 0x30, "_start+0 :0");
	check(&table, DEBUG_FILE_TEXT_BYTES - 1, "_start+fcf :0");
	check(&table, DEBUG_FILE_TEXT_BYTES, "");
	table_release(&table);
}

static void refused(struct debug_file *file, const char *words)
{
	struct table table;

	reason.text[0] = '\0';
	assert_int_equal(table_make((struct bytes){ file->data, file->size },
				    &table, &reason),
			 -1);
	table_release(&table);
	if (!strstr(reason.text, words))
		fail_msg("'%s' is not in '%s'", words, reason.text);
}

static void test_refused_files(void **state)
{
	struct debug_file file =
		make_file(two_functions, lines_3, sizeof(lines_3) - 1);
	struct debug_file cut = file;

	(void)state;
	for (cut.size = 0; cut.size < file.size; cut.size++)
		refused(&cut, "");
	cut.size = 3;
	refused(&cut, "no ELF file: give the linker's output");
	cut.size = 10;
	refused(&cut, "ends after 10 bytes, inside the ELF header");
	cut.size = 100;
	refused(&cut, "section headers end beyond the file");
	cut.size = file.size - 1;
	refused(&cut, "section 6 ends beyond the file");
	put_le64(debug_file_section(&file, 2) + 8, 0x800);
	refused(&file, "section 2 is compressed: link with");
	put_le64(debug_file_section(&file, 2) + 8, 0);
	put_le32(debug_file_section(&file, 4) + 40, 99);
	refused(&file, "there is no section 99, the last is 6");
	put_le32(debug_file_section(&file, 4) + 4, 1);
	refused(&file, "names no function: do not strip it");
	file.data[18] = 3;
	refused(&file, "this is code for 32-bit x86");
	free(file.data);
}

static void refused_lines(size_t at, uint8_t byte, const char *words)
{
	uint8_t lines[sizeof(lines_5)];
	struct debug_file file;

	memcpy(lines, lines_5, sizeof(lines));
	lines[at] = byte;
	file = make_file(two_functions, lines, sizeof(lines) - 1);
	refused(&file, words);
	free(file.data);
}

static void test_refused_lines(void **state)
{
	static const uint8_t dwarf64[] = "\xFF\xFF\xFF\xFF\0\0\0\0";
	struct debug_file file =
		make_file(two_functions, dwarf64, sizeof(dwarf64));

	(void)state;
	refused(&file, "64-bit DWARF is not read here: compile with "
		       "-gdwarf32");
	free(file.data);
	refused_lines(0, 0x70, ".debug_line is cut short");
	refused_lines(4, 6, "line table version 6 is not known, 2 to 5 are");
	refused_lines(8, 0xFF, "a header is cut short");
	refused_lines(16, 0, "a header is cut short"); /* line_range */
	refused_lines(32, 0x23, "DWARF form 0x23 in a file table");
	refused_lines(33, 0xFF, "a header is cut short"); /* directories */
	refused_lines(0, 0x53, "a program is cut short");
	refused_lines(sizeof(lines_5) - 3, 0x7F, "a program is cut short");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_functions),
		cmocka_unit_test(test_refused_files),
		cmocka_unit_test(test_refused_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
