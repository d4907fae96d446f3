/*
 * table.h - the table of all commands, in the order of their names. Any
 * context.
 */
#ifndef KERNEL_MONITOR_TABLE_H
#define KERNEL_MONITOR_TABLE_H

#include "kernel/monitor/command.h"

/* The n-th command, from 0; NULL: there are no more. */
const struct command *table_get(size_t n);

/* The command that a line with this first word means; NULL: none. */
const struct command *table_find(const char *word);

/* "x/N ADDR": name and arguments, into TABLE_USAGE_MAX bytes. */
#define TABLE_USAGE_MAX 40
void table_usage(const struct command *command, char *usage);

#endif
