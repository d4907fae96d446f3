/*
 * h2inc.h - what the parts of h2inc share.
 */
#ifndef H2INC_H
#define H2INC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define LINE_SIZE 4096 /* of a logical line, with its NUL */

/*
 * Reads a logical line as C's preprocessor sees it (C17, "Translation phases",
 * 1 to 3): lines that end in a backslash are joined, each comment is one blank,
 * blanks at both ends are cut off. False: the file has ended.
 */
bool line_read(FILE *in, char line[LINE_SIZE]);

/* Which file, for messages; and the physical line where the logical one starts,
 * from 1 on. */
extern const char *line_file;
extern int line_number;

/* Ends the program with file, line, and the text that is not understood. An
 * attribute: cppcheck does not know _Noreturn in a header. */
__attribute__((noreturn)) void die(const char *why, const char *text);

/*
 * Remembers what `name` stands for. `value` must be a string, a character, or
 * an expression of numbers and names defined above that C and NASM compute
 * alike; "" for a name without a value. Dies otherwise, and if the name is
 * known.
 */
void constant_add(const char *name, const char *value);

/* Has this header defined `name`? */
bool constant_known(const char *name);

#endif
