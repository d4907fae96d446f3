/*
 * log_ring.c - a ring of lines with times.
 */
#include "log_ring.h"

#include "string.h"

#define STAMP_BITS 7
#define STAMP_MARK 0x80

_Static_assert((LOG_RING_BYTES & (LOG_RING_BYTES - 1)) == 0,
	       "positions wrap as bits");

/* ---- Writing ------------------------------------------------------------- */

static void put(struct log_ring *ring, const char *bytes, size_t count)
{
	while (count) {
		size_t at = ring->end % LOG_RING_BYTES;
		size_t room = LOG_RING_BYTES - at;
		size_t now = count < room ? count : room;

		memcpy(ring->bytes + at, bytes, now);
		ring->end += now;
		bytes += now;
		count -= now;
	}
}

static char byte_at(const struct log_ring *ring, uint64_t position)
{
	return ring->bytes[position % LOG_RING_BYTES];
}

static bool line_starts_at(const struct log_ring *ring, uint64_t position)
{
	return position == 0 || byte_at(ring, position - 1) == '\n';
}

static void put_stamp(struct log_ring *ring, uint64_t time)
{
	char stamp[LOG_STAMP_BYTES];

	for (int i = 0; i < LOG_STAMP_BYTES; i++)
		stamp[i] = (char)(time >> STAMP_BITS * i | STAMP_MARK);
	put(ring, stamp, sizeof(stamp));
}

static size_t up_to_line_feed(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n')
			return i + 1;
	return length;
}

void log_ring_write(struct log_ring *ring, uint64_t time, const char *text,
		    size_t length)
{
	while (length) {
		size_t now = up_to_line_feed(text, length);

		if (line_starts_at(ring, ring->end))
			put_stamp(ring, time);
		put(ring, text, now);
		text += now;
		length -= now;
	}
}

/* ---- Reading ------------------------------------------------------------- */

static uint64_t oldest_byte(const struct log_ring *ring)
{
	return ring->end > LOG_RING_BYTES ? ring->end - LOG_RING_BYTES : 0;
}

uint64_t log_ring_first(const struct log_ring *ring)
{
	uint64_t position = oldest_byte(ring);

	if (position == 0)
		return 0;
	/* What comes before the first line feed has lost its beginning. */
	for (; position < ring->end; position++)
		if (byte_at(ring, position) == '\n')
			return position + 1;
	return oldest_byte(ring);
}

uint64_t log_ring_last(const struct log_ring *ring, unsigned int lines)
{
	uint64_t first = log_ring_first(ring);
	uint64_t position = ring->end;

	while (lines && position > first) {
		position--;
		if (line_starts_at(ring, position))
			lines--;
	}
	return position;
}

static uint64_t read_stamp(const struct log_ring *ring, uint64_t position)
{
	uint64_t time = 0;

	for (int i = LOG_STAMP_BYTES - 1; i >= 0; i--)
		time = time << STAMP_BITS |
		       (byte_at(ring, position + (uint64_t)i) & ~STAMP_MARK &
			0xFF);
	return time;
}

bool log_ring_next(const struct log_ring *ring, uint64_t *position,
		   struct log_line *line)
{
	uint64_t at = *position;

	/* Of the oldest byte nobody knows whether a line starts there. */
	if (at > ring->end || at < oldest_byte(ring) ||
	    (at && at == oldest_byte(ring)))
		at = log_ring_first(ring);
	memset(line, 0, sizeof(*line));
	line->lost = at > *position ? at - *position : 0;
	line->starts = line_starts_at(ring, at);
	if (line->starts && ring->end - at >= LOG_STAMP_BYTES) {
		line->time = read_stamp(ring, at);
		at += LOG_STAMP_BYTES;
	}
	while (at < ring->end && !line->ends && line->length < LOG_TEXT_MAX) {
		char byte = byte_at(ring, at);

		line->ends = byte == '\n';
		if (!line->ends) {
			line->text[line->length++] = byte;
			at++;
		}
	}
	at += line->ends;
	if (at == *position)
		return false;
	*position = at;
	return true;
}
