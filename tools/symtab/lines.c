/*
 * lines.c - run the DWARF line programs (DWARF 5, 6.2).
 */
#include <stdlib.h>
#include <string.h>

#include "line_header.h"
#include "lines.h"
#include "reader.h"

/* Standard opcodes (6.2.5.2) and extended ones (6.2.5.3). */
#define DW_LNS_copy 1
#define DW_LNS_advance_pc 2
#define DW_LNS_advance_line 3
#define DW_LNS_set_file 4
#define DW_LNS_set_column 5
#define DW_LNS_negate_stmt 6
#define DW_LNS_set_basic_block 7
#define DW_LNS_const_add_pc 8
#define DW_LNS_fixed_advance_pc 9
#define DW_LNS_set_prologue_end 10
#define DW_LNS_set_epilogue_begin 11
#define DW_LNS_set_isa 12
#define DW_LNE_end_sequence 1
#define DW_LNE_set_address 2

#define DWARF64 0xFFFFFFFF /* instead of a length: 64-bit lengths follow */

/* The registers of the state machine that matter here (6.2.2). */
struct machine {
	uint64_t address;
	uint64_t file;
	unsigned int line;
};

struct program {
	struct reader code;
	struct line_header header;
	struct machine machine;
	struct lines *lines;
	struct reason *reason;
};

static const struct machine start_state = { 0, 1, 1 };

/* Appends a row: the machine's state. */
static int lines_append(struct program *program, bool end)
{
	struct lines *lines = program->lines;
	const struct line_header *header = &program->header;
	const struct machine *machine = &program->machine;
	uint64_t file = machine->file - header->first_file;

	if (lines->count == lines->room) {
		size_t room = lines->room ? lines->room * 2 : 1024;
		struct line_row *rows =
			realloc(lines->rows, room * sizeof(*rows));

		if (!rows)
			return refuse_memory(program->reason);
		lines->rows = rows;
		lines->room = room;
	}
	lines->rows[lines->count] = (struct line_row){
		.address = machine->address,
		.file = file < header->file_count ? header->files[file] : 0,
		.line = machine->line,
		.end = end,
		.order = lines->count,
	};
	lines->count++;
	return 0;
}

static void advance_address(struct program *program, uint64_t operations)
{
	program->machine.address +=
		operations * program->header.instruction_length;
}

static int run_extended(struct program *program)
{
	uint64_t size = reader_uleb(&program->code);
	struct reader operand = reader_start(reader_take(&program->code, size));

	switch (reader_number(&operand, 1)) {
	case DW_LNE_end_sequence:
		if (lines_append(program, true))
			return -1;
		program->machine = start_state;
		return 0;
	case DW_LNE_set_address:
		program->machine.address = reader_number(&operand, 8);
		return 0;
	default:
		return 0; /* its length is known, that is enough */
	}
}

static void run_special(struct program *program, unsigned int opcode)
{
	const struct line_header *header = &program->header;
	unsigned int adjusted = opcode - header->opcode_base;

	advance_address(program, adjusted / header->line_range);
	program->machine.line +=
		(unsigned int)header->line_base + adjusted % header->line_range;
}

static void skip_operands(struct program *program, unsigned int opcode)
{
	unsigned int count = program->header.opcode_lengths.data[opcode - 1];

	while (count--)
		reader_uleb(&program->code);
}

static int run_standard(struct program *program, unsigned int opcode)
{
	const struct line_header *header = &program->header;
	struct machine *machine = &program->machine;
	struct reader *code = &program->code;

	switch (opcode) {
	case DW_LNS_copy:
		return lines_append(program, false);
	case DW_LNS_advance_pc:
		advance_address(program, reader_uleb(code));
		break;
	case DW_LNS_advance_line:
		machine->line += (unsigned int)reader_sleb(code);
		break;
	case DW_LNS_set_file:
		machine->file = reader_uleb(code);
		break;
	case DW_LNS_const_add_pc:
		advance_address(program, (255 - header->opcode_base) /
						 header->line_range);
		break;
	case DW_LNS_fixed_advance_pc:
		machine->address += reader_number(code, 2);
		break;
	case DW_LNS_set_column:
	case DW_LNS_set_isa:
		reader_uleb(code);
		break;
	case DW_LNS_negate_stmt:
	case DW_LNS_set_basic_block:
	case DW_LNS_set_prologue_end:
	case DW_LNS_set_epilogue_begin:
		break;
	default:
		skip_operands(program, opcode);
		break;
	}
	return 0;
}

static int run_program(struct program *program)
{
	while (reader_left(&program->code)) {
		unsigned int opcode =
			(unsigned int)reader_number(&program->code, 1);
		int result = 0;

		if (opcode >= program->header.opcode_base) {
			run_special(program, opcode);
			result = lines_append(program, false);
		} else if (opcode) {
			result = run_standard(program, opcode);
		} else {
			result = run_extended(program);
		}
		if (result)
			return -1;
		if (program->code.broken)
			return refuse(program->reason,
				      ".debug_line is broken, a program is cut "
				      "short: link the file again");
	}
	return 0;
}

/* The next unit of .debug_line. */
static int read_unit(struct reader *section, const struct line_strings *strings,
		     struct lines *lines, struct reason *reason)
{
	struct program program = { .machine = start_state,
				   .lines = lines,
				   .reason = reason };
	uint64_t length = reader_number(section, 4);
	int result;

	if (length == DWARF64)
		return refuse(reason, "64-bit DWARF is not read here: compile "
				      "with -gdwarf32");
	program.code = reader_start(reader_take(section, length));
	if (section->broken)
		return refuse(reason, ".debug_line is cut short: link the "
				      "file again");
	result = line_header_read(&program.code, strings, &lines->files,
				  &program.header, reason) ||
		 run_program(&program);
	free(program.header.files);
	return result ? -1 : 0;
}

/* By address; where one sequence ends, the next may start. */
static int compare_rows(const void *left, const void *right)
{
	const struct line_row *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->end != b->end)
		return a->end ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* The contents of the section of that name; empty if there is none. */
static int find_section(const struct elf64_sections *sections, const char *name,
			struct bytes *contents, struct reason *reason)
{
	*contents = (struct bytes){ sections->file.data, 0 };
	for (uint64_t i = 1; i < sections->count; i++)
		if (!strcmp(elf64_section(sections, i).name, name))
			return elf64_contents(sections, i, contents, reason);
	return 0;
}

int lines_read(const struct elf64_sections *sections, struct lines *lines,
	       struct reason *reason)
{
	struct line_strings strings;
	struct reader section;
	struct bytes names, debug_line;
	unsigned int nameless;

	memset(lines, 0, sizeof(*lines));
	if (elf64_contents(sections, sections->names_index, &names, reason) ||
	    find_section(sections, ".debug_line", &debug_line, reason) ||
	    find_section(sections, ".debug_line_str", &strings.line_str,
			 reason) ||
	    find_section(sections, ".debug_str", &strings.str, reason) ||
	    file_names_add(&lines->files, "", "", &nameless, reason))
		return -1;
	section = reader_start(debug_line);
	while (reader_left(&section))
		if (read_unit(&section, &strings, lines, reason))
			return -1;
	if (lines->count)
		qsort(lines->rows, lines->count, sizeof(*lines->rows),
		      compare_rows);
	return 0;
}

void lines_release(struct lines *lines)
{
	file_names_release(&lines->files);
	free(lines->rows);
	memset(lines, 0, sizeof(*lines));
}
