/*
 * command_line_table.c - the table of the command line's words, which the
 * linker has collected.
 */
#include "kernel/command_line.h"

/* link/kernel.ld */
extern const struct command_line_word *const command_line_start[],
	*const command_line_end[];

/* The loader obeys it. */
COMMAND_LINE_WORD(diag,
		  .help = "run the diagnostics first, see docs/diagnostics.md");
COMMAND_LINE_WORD(step, .help = "let the loader stop at each milestone, "
				"see docs/diagnostics.md");

const struct command_line_word *command_line_word(size_t n)
{
	if (n >= (size_t)(command_line_end - command_line_start))
		return NULL;
	return command_line_start[n];
}
