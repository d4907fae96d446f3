/*
 * queue.h - what was printed and is not shown everywhere yet: text with its
 * colours, in a ring from which each sink reads at its own pace.
 *
 * It holds runs: a header of QUEUE_HEADER bytes (colours, sinks, length), then
 * the text. A run lies in one piece, so that a sink can be given a pointer into
 * the ring; what is too short for one at the ring's end is skipped. A position
 * counts the bytes ever written.
 *
 * Pure: no locks, no devices. Context: any, but one at a time.
 */
#ifndef KERNEL_CONSOLE_QUEUE_H
#define KERNEL_CONSOLE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_BYTES 0x8000 /* a power of two */
#define QUEUE_HEADER 3
#define QUEUE_RUN_MAX 255 /* characters */

/* All zeros: empty. */
struct queue {
	uint64_t end; /* position behind the last byte */
	uint8_t bytes[QUEUE_BYTES];
};

/* How far a sink has read. */
struct queue_reader {
	uint64_t position; /* of a run */
	size_t done;	   /* characters of it that were taken */
};

struct queue_run {
	uint8_t attribute; /* colours, see vga.h */
	const char *text;
	size_t length;
};

/**
 * queue_put - append text
 * @oldest:	the position of the reader that is farthest behind
 * @sinks:	bit n: sink n shows it
 *
 * Returns how many characters were appended: fewer than @length if they would
 * overwrite what the oldest reader has not read.
 */
size_t queue_put(struct queue *queue, uint64_t oldest, uint8_t attribute,
		 uint8_t sinks, const char *text, size_t length);

/**
 * queue_next - what a sink shows next
 * @sink:	its number
 *
 * Returns false if it has shown all. The run stays valid until the reader goes
 * on: queue_advance().
 */
bool queue_next(const struct queue *queue, struct queue_reader *reader,
		unsigned int sink, struct queue_run *run);

/* That many characters of the run were shown. */
void queue_advance(const struct queue *queue, struct queue_reader *reader,
		   size_t length);

#endif
