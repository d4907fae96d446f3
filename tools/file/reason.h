/*
 * reason.h - why something was refused, in a sentence with the remedy.
 *
 * What judges input never prints: it fills in a reason and returns -1, so
 * that tests and fuzzers can call it.
 */
#ifndef FILE_REASON_H
#define FILE_REASON_H

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

/* The host has no memory left. Returns -1. */
int refuse_memory(struct reason *reason);

#endif
