/*
 * output.h - write files that are complete or not there at all.
 *
 * Every file is written under a temporary, hidden name beside its target,
 * brought to the disk, and takes its name only in output_commit(), when all
 * of them are complete. output_abort() and the signals that end a program
 * from outside (HUP, INT, TERM) remove what is unfinished.
 *
 *	output_start("a", ...); output_write(...); output_finish(...);
 *	output_start("b", ...); output_write(...); output_finish(...);
 *	output_commit(...);
 *
 * All return 0, or -1 with the reason; the caller then calls output_abort().
 * There is one set of files per process.
 */
#ifndef FILE_OUTPUT_H
#define FILE_OUTPUT_H

#include "bytes.h"
#include "reason.h"

#define OUTPUTS_MAX 16

/* Starts a file that will be `path`; what is there must be a regular file. */
int output_start(const char *path, struct reason *reason);

/* Appends `bytes`, then zeros up to `size` bytes in all. Zeros make a hole
 * where the file system can. */
int output_write(struct bytes bytes, uint64_t size, struct reason *reason);

/* Ends the file started last. */
int output_finish(struct reason *reason);

/* Gives every finished file its name, in the order in which they were
 * started. */
int output_commit(struct reason *reason);

void output_abort(void);

/* Did all of what was printed get out? 0, or -1 with the reason. */
int output_flush(struct reason *reason);

#endif
