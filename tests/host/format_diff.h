/*
 * format_diff.h - kvsnprintf() beside the host libc's snprintf() on random
 * formats, values and buffer sizes.
 *
 * Only formats whose result the C standard defines are made, as C defines
 * them; where C leaves things open (NULL for %s, %p, flags without meaning),
 * what glibc does is the reference if lib/format.h does not say otherwise.
 */
#ifndef TESTS_FORMAT_DIFF_H
#define TESTS_FORMAT_DIFF_H

#include <stdint.h>

/*
 * Compares `count` random formats and their results: return value, text,
 * and that nothing behind the text's room was written. Prints each
 * difference, up to ten, on stderr. Returns the number of differences.
 */
uint64_t format_diff(uint64_t seed, uint64_t count);

#endif
