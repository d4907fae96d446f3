/*
 * line_header.h - the header of one line program (DWARF 5, 6.2.4).
 */
#ifndef SYMTAB_LINE_HEADER_H
#define SYMTAB_LINE_HEADER_H

#include "file_names.h"
#include "reader.h"

struct line_header {
	unsigned int version;
	unsigned int instruction_length; /* factor of every advance */
	int line_base;
	unsigned int line_range; /* 1.. */
	unsigned int opcode_base; /* 1.. */
	struct bytes opcode_lengths; /* of opcodes 1 .. opcode_base - 1 */
	unsigned int first_file; /* what the first file is called: 0 or 1 */
	unsigned int *files;	 /* indices into `names`, malloc'd */
	unsigned int file_count;
};

/* Where DWARF 5 keeps names. */
struct line_strings {
	struct bytes line_str; /* .debug_line_str */
	struct bytes str;      /* .debug_str */
};

/* Reads the header at `reader`, which ends with the unit; afterwards it stands
 * at the first opcode. Its files are added to `names`. Returns 0, or -1 with
 * the reason; in both cases `header->files` is to be freed. */
int line_header_read(struct reader *reader, const struct line_strings *strings,
		     struct file_names *names, struct line_header *header,
		     struct reason *reason);

#endif
