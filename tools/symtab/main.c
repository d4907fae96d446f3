/*
 * symtab - make the table of lib/symbol.h that names the places of a panic, or
 * look into it. `symtab --help` says how.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "symbol.h"
#include "table.h"
#include "tools/file/input.h"
#include "tools/file/output.h"

#define EXIT_REFUSED 1
#define EXIT_USAGE 2

static const char help[] =
	"usage: symtab ELF OUT\n"
	"       symtab --find ELF ADDRESS...\n"
	"\n"
	"Reads the symbols and the DWARF line programs (.debug_line, versions 2 to 5)\n"
	"of an x86-64 ELF file and writes a table that gives function, file and line\n"
	"of each address; lib/symbol.h tells what it looks like. With --find, says\n"
	"them for addresses in hexadecimal, as in\n"
	"\n"
	"  0x100a4f kmain+0x1f kernel/main.c:44\n"
	"\n"
	"Exit status: 0 done, 1 refused or failed, 2 wrong usage.\n";

static int write_table(const char *path, const struct table *table,
		       struct reason *reason)
{
	struct bytes bytes = { table->data, table->size };

	if (!output_start(path, reason) &&
	    !output_write(bytes, table->size, reason) &&
	    !output_finish(reason) && !output_commit(reason))
		return 0;
	output_abort();
	return -1;
}

static int find_address(const char *text, const struct table *table,
			struct reason *reason)
{
	char *end;
	uint64_t address = strtoull(text, &end, 16);
	struct symbol found;

	if (end == text || *end)
		return refuse(reason,
			      "'%s' is no address: give it in hexadecimal, "
			      "as in 0x100000",
			      text);
	printf("0x%" PRIx64, address);
	if (!symbol_find(table->data, table->size, address, &found))
		printf(" is in no function\n");
	else
		printf(" %s+0x%" PRIx64 " %s:%u\n", found.function,
		       found.offset, found.line ? found.file : "?", found.line);
	return 0;
}

static int find_all(char **addresses, const struct table *table,
		    struct reason *reason)
{
	for (; *addresses; addresses++)
		if (find_address(*addresses, table, reason))
			return -1;
	return output_flush(reason);
}

/* Reads the ELF file; then the addresses are looked up, or OUT is written. */
static int run(const char *elf, const char *out, char **addresses,
	       struct reason *reason)
{
	struct input input;
	struct table table;
	int result;

	if (input_read(elf, &input, reason))
		return -1;
	if (out && input_is(&input, out)) {
		input_release(&input);
		return refuse(reason, "%s would be lost: write to another name",
			      out);
	}
	result = table_make(input_bytes(&input), &table, reason) ||
		 (out ? write_table(out, &table, reason) :
			find_all(addresses, &table, reason));
	table_release(&table);
	input_release(&input);
	return result ? -1 : 0;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{ "find", no_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct reason reason = { "" };
	bool finds = false;
	int option, given;

	while ((option = getopt_long(argc, argv, "", known, NULL)) == 'f')
		finds = true;
	if (option == 'h') {
		fputs(help, stdout);
		return output_flush(&reason) ? EXIT_REFUSED : 0;
	}
	argv += optind;
	given = argc - optind;
	if (option >= 0 || given < 2 || (given > 2 && !finds)) {
		fputs(help, stderr);
		return EXIT_USAGE;
	}
	if (run(argv[0], finds ? NULL : argv[1], argv + 1, &reason)) {
		fprintf(stderr, "symtab: %s: %s\n", argv[0], reason.text);
		return EXIT_REFUSED;
	}
	return 0;
}
