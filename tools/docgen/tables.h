/*
 * tables.h - the tables that docgen can make. All print to stdout.
 *
 * `argument` is what stands behind the table's name in the document; some
 * have none.
 */
#ifndef DOCGEN_TABLES_H
#define DOCGEN_TABLES_H

/* layout.h: X_ADDR, X_END and their comments. */
void table_memory_map(const char *argument);

/* errors.h: codes and words. */
void table_errors(const char *argument);

/* All #defines of a header, with their comments. */
void table_constants(const char *header);

/* Fields of a struct in bootinfo.h or image.h. */
void table_struct(const char *name);

/* A cell of a table: a '|' would end it. */
void print_cell(const char *text);

#endif
