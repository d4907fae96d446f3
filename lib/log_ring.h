/*
 * log_ring.h - the last 64 KiB of everything printed, each line with its time.
 *
 * The bytes in the ring are lines: LOG_STAMP_BYTES of time, the text, '\n'.
 * A stamp holds seven bits in each byte, bit 7 set, so a '\n' is always the
 * end of a line and the ring can be read backwards. A position counts the
 * bytes ever written; what lies LOG_RING_BYTES behind the end is lost.
 *
 * Readers trust nothing: from a ring full of garbage they read garbage, but
 * never beyond it and never for ever.
 *
 * Context: any, but one writer at a time, and no reader while it writes.
 */
#ifndef LIB_LOG_RING_H
#define LIB_LOG_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_RING_BYTES 0x10000 /* a power of two */
#define LOG_STAMP_BYTES 9      /* of 7 bits: times up to 2^63 - 1 */
#define LOG_TEXT_MAX 120

/* All zeros: empty. */
struct log_ring {
	uint64_t end; /* position behind the last byte */
	char bytes[LOG_RING_BYTES];
};

/* A line, or LOG_TEXT_MAX bytes of a longer one. */
struct log_line {
	uint64_t lost; /* bytes that the ring kept no longer, before this */
	uint64_t time; /* of its first byte; 0 unless `starts` */
	bool starts;   /* the text is the line's beginning */
	bool ends;     /* and its end, without the '\n' */
	size_t length;
	char text[LOG_TEXT_MAX];
};

/* `time` is what a line gets that begins within this text. */
void log_ring_write(struct log_ring *ring, uint64_t time, const char *text,
		    size_t length);

/* Where to start reading: the oldest line that is still whole. */
uint64_t log_ring_first(const struct log_ring *ring);

/* The same for the last `lines` lines, or all that there are. */
uint64_t log_ring_last(const struct log_ring *ring, unsigned int lines);

/**
 * log_ring_next - read on
 * @position:	from log_ring_first() or log_ring_last(), or 0, the beginning of
 *		all; moved behind what was read, and first to the oldest line
 *		if it is lost
 *
 * Returns false at the end. A last line without '\n' is read as well.
 */
bool log_ring_next(const struct log_ring *ring, uint64_t *position,
		   struct log_line *line);

#endif
