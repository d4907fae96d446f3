/*
 * reason.h - why something was refused, in a sentence with the remedy.
 *
 * The parts of mkimage that judge input never print: they fill in a reason
 * and return -1, so that tests and fuzzers can call them.
 */
#ifndef MKIMAGE_REASON_H
#define MKIMAGE_REASON_H

#include <inttypes.h>

#define REASON_MAX 512

/* In a format: an address or a size of 64 bits. */
#define HEX "0x%" PRIx64

struct reason {
	char text[REASON_MAX]; /* "" while nothing was refused */
};

/* Formats as printf does, cutting what exceeds REASON_MAX. Returns -1 always,
 * so that a check ends in `return refuse(...)`. */
int refuse(struct reason *reason, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
