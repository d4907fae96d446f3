/*
 * words.h - what a person typed: words, and numbers among them. Any context.
 */
#ifndef LIB_WORDS_H
#define LIB_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * words_split - cut a line into its words, in place
 * @words:	receives the beginnings of at most `max` words; each ends with
 *		a NUL that replaces a blank
 *
 * Returns how many words there are; those beyond `max` are lost.
 */
size_t words_split(char *line, char **words, size_t max);

/* The value of a name, `length` characters long. False: there is none. */
typedef bool number_lookup(const char *name, size_t length, uint64_t *value);

/**
 * number_parse - the value of "4096", "0x1000", "0b101", "name+0x10-2"
 * @lookup:	for names, which begin with a letter, '_' or '$'; NULL: none
 *
 * Sums wrap at 64 bits; a single number must fit in them.
 * Returns NULL, or what is wrong with the text.
 */
const char *number_parse(const char *text, number_lookup *lookup,
			 uint64_t *value);

#endif
