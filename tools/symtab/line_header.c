/*
 * line_header.c - the header of one line program (DWARF 5, 6.2.4).
 */
#include <stdlib.h>
#include <string.h>

#include "line_header.h"

/* Content types (7.22) and forms (7.5.6) that a header may use. */
#define DW_LNCT_path 1
#define DW_LNCT_directory_index 2
#define DW_FORM_data2 0x05
#define DW_FORM_data4 0x06
#define DW_FORM_data8 0x07
#define DW_FORM_string 0x08
#define DW_FORM_block 0x09
#define DW_FORM_data1 0x0b
#define DW_FORM_strp 0x0e
#define DW_FORM_udata 0x0f
#define DW_FORM_data16 0x1e
#define DW_FORM_line_strp 0x1f

/* What an entry of a directory or file table says. */
struct entry {
	const char *path;
	uint64_t directory;
};

struct entries {
	struct entry *list; /* malloc'd */
	size_t count;
};

static int refuse_header(struct reason *reason)
{
	return refuse(reason, ".debug_line is broken, a header is cut short: "
			      "link the file again");
}

static const char *string_at(struct bytes strings, uint64_t offset)
{
	struct reader reader = reader_start(strings);

	reader_take(&reader, offset);
	return reader_string(&reader);
}

/* One field of an entry. */
static int read_field(struct reader *reader, const struct line_strings *strings,
		      uint64_t content, uint64_t form, struct entry *entry,
		      struct reason *reason)
{
	const char *text = "";
	uint64_t number = 0;

	switch (form) {
	case DW_FORM_string:
		text = reader_string(reader);
		break;
	case DW_FORM_line_strp:
		text = string_at(strings->line_str, reader_number(reader, 4));
		break;
	case DW_FORM_strp:
		text = string_at(strings->str, reader_number(reader, 4));
		break;
	case DW_FORM_udata:
		number = reader_uleb(reader);
		break;
	case DW_FORM_data1:
		number = reader_number(reader, 1);
		break;
	case DW_FORM_data2:
		number = reader_number(reader, 2);
		break;
	case DW_FORM_data4:
		number = reader_number(reader, 4);
		break;
	case DW_FORM_data8:
		number = reader_number(reader, 8);
		break;
	case DW_FORM_data16:
		reader_take(reader, 16);
		break;
	case DW_FORM_block:
		reader_take(reader, reader_uleb(reader));
		break;
	default:
		return refuse(reason,
			      "DWARF form 0x%x in a file table is not known: "
			      "compile with -gdwarf-4",
			      (unsigned int)form);
	}
	if (content == DW_LNCT_path)
		entry->path = text;
	else if (content == DW_LNCT_directory_index)
		entry->directory = number;
	return 0;
}

/* The fields of one entry, in the order that `format` tells. */
static int read_entry(struct reader *reader, const struct line_strings *strings,
		      struct bytes format, struct entry *entry,
		      struct reason *reason)
{
	struct reader fields = reader_start(format);

	*entry = (struct entry){ "", 0 };
	while (reader_left(&fields)) {
		uint64_t content = reader_uleb(&fields);
		uint64_t form = reader_uleb(&fields);

		if (read_field(reader, strings, content, form, entry, reason))
			return -1;
	}
	return reader->broken || fields.broken ? refuse_header(reason) : 0;
}

/* Before a table of DWARF 5: how its entries look, and how many there are. */
static int read_format(struct reader *reader, struct bytes *format,
		       uint64_t *count, struct reason *reason)
{
	unsigned int fields = (unsigned int)reader_number(reader, 1);

	format->data = reader->at;
	for (unsigned int i = 0; i < fields; i++) {
		reader_uleb(reader);
		reader_uleb(reader);
	}
	format->size = (size_t)(reader->at - format->data);
	*count = reader_uleb(reader);
	/* An entry takes a byte at least. */
	if (reader->broken || *count > reader_left(reader))
		return refuse_header(reason);
	return 0;
}

/* Room for `count` entries, none of which is there yet. */
static int make_room(struct entries *entries, uint64_t count,
		     struct reason *reason)
{
	entries->list = calloc(count + 1, sizeof(*entries->list));
	return entries->list ? 0 : refuse_memory(reason);
}

static int read_entries_5(struct reader *reader,
			  const struct line_strings *strings,
			  struct entries *entries, struct reason *reason)
{
	struct bytes format;
	uint64_t count;

	if (read_format(reader, &format, &count, reason) ||
	    make_room(entries, count, reason))
		return -1;
	for (; entries->count < count; entries->count++)
		if (read_entry(reader, strings, format,
			       &entries->list[entries->count], reason))
			return -1;
	return 0;
}

/* DWARF 2 to 4: entries up to an empty name. */
static int read_entries_2(struct reader *reader, bool are_files,
			  struct entries *entries, struct reason *reason)
{
	struct entry entry = { "", 0 };

	if (make_room(entries, reader_left(reader), reason))
		return -1;
	if (!are_files) /* directory 0 is the compiler's */
		entries->list[entries->count++] = entry;
	while (*(entry.path = reader_string(reader))) {
		if (are_files) {
			entry.directory = reader_uleb(reader);
			reader_uleb(reader); /* time */
			reader_uleb(reader); /* size */
		}
		entries->list[entries->count++] = entry;
	}
	return 0;
}

static int add_files(const struct entries *directories,
		     const struct entries *files, struct file_names *names,
		     struct line_header *header, struct reason *reason)
{
	header->files = calloc(files->count + 1, sizeof(*header->files));
	if (!header->files)
		return refuse_memory(reason);
	for (size_t i = 0; i < files->count; i++) {
		const struct entry *file = &files->list[i];
		const char *directory =
			file->directory < directories->count ?
				directories->list[file->directory].path :
				"";

		if (file_names_add(names, directory, file->path,
				   &header->files[i], reason))
			return -1;
	}
	header->file_count = (unsigned int)files->count;
	return 0;
}

static int read_tables(struct reader *reader,
		       const struct line_strings *strings,
		       struct file_names *names, struct line_header *header,
		       struct reason *reason)
{
	struct entries directories = { NULL, 0 }, files = { NULL, 0 };
	int result;

	if (header->version >= 5)
		result =
			read_entries_5(reader, strings, &directories, reason) ||
			read_entries_5(reader, strings, &files, reason);
	else
		result = read_entries_2(reader, false, &directories, reason) ||
			 read_entries_2(reader, true, &files, reason);
	result = result ||
		 add_files(&directories, &files, names, header, reason);
	free(directories.list);
	free(files.list);
	return result ? -1 : 0;
}

/* The numbers before the tables. */
static int read_numbers(struct reader *reader, struct line_header *header,
			struct reason *reason)
{
	header->instruction_length = (unsigned int)reader_number(reader, 1);
	if (header->version >= 4)
		reader_number(reader, 1); /* operations: x86 has one */
	reader_number(reader, 1); /* default of is_stmt */
	header->line_base = (int8_t)reader_number(reader, 1);
	header->line_range = (unsigned int)reader_number(reader, 1);
	header->opcode_base = (unsigned int)reader_number(reader, 1);
	if (reader->broken || !header->line_range || !header->opcode_base)
		return refuse_header(reason);
	header->opcode_lengths = reader_take(reader, header->opcode_base - 1);
	return reader->broken ? refuse_header(reason) : 0;
}

int line_header_read(struct reader *reader, const struct line_strings *strings,
		     struct file_names *names, struct line_header *header,
		     struct reason *reason)
{
	struct reader tables;
	struct bytes rest;

	memset(header, 0, sizeof(*header));
	header->version = (unsigned int)reader_number(reader, 2);
	if (header->version < 2 || header->version > 5)
		return refuse(reason,
			      "DWARF line table version %u is not known, 2 to "
			      "5 are: compile with -gdwarf-5",
			      header->version);
	if (header->version >= 5)
		reader_number(reader, 2); /* sizes of address and selector */
	header->first_file = header->version >= 5 ? 0 : 1;
	rest = reader_take(reader, reader_number(reader, 4));
	if (reader->broken)
		return refuse_header(reason);
	tables = reader_start(rest);
	if (read_numbers(&tables, header, reason) ||
	    read_tables(&tables, strings, names, header, reason))
		return -1;
	return tables.broken ? refuse_header(reason) : 0;
}
