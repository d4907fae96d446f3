#include "kernel/console/queue.h"

#include "string.h"

/* In the header. */
enum { ATTRIBUTE, RUN_SINKS, LENGTH };

/* Before the ring's end there is no room for a header and a character. */
static uint64_t skip_end(uint64_t position)
{
	size_t left = QUEUE_BYTES - position % QUEUE_BYTES;

	return left > QUEUE_HEADER ? position : position + left;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Returns how many characters of the text are in the run; 0: no room. */
static size_t put_run(struct queue *queue, uint64_t oldest, uint8_t attribute,
		      uint8_t sinks, const char *text, size_t length)
{
	uint64_t start = skip_end(queue->end);
	uint8_t *run = queue->bytes + start % QUEUE_BYTES;
	size_t used = start + QUEUE_HEADER - oldest;

	if (used >= QUEUE_BYTES)
		return 0;
	length = smaller(length, QUEUE_RUN_MAX);
	length = smaller(length, QUEUE_BYTES - used);
	length = smaller(length,
			 QUEUE_BYTES - start % QUEUE_BYTES - QUEUE_HEADER);
	run[ATTRIBUTE] = attribute;
	run[RUN_SINKS] = sinks;
	run[LENGTH] = (uint8_t)length;
	memcpy(run + QUEUE_HEADER, text, length);
	queue->end = start + QUEUE_HEADER + length;
	return length;
}

size_t queue_put(struct queue *queue, uint64_t oldest, uint8_t attribute,
		 uint8_t sinks, const char *text, size_t length)
{
	size_t put = 0, now;

	while (put < length) {
		now = put_run(queue, oldest, attribute, sinks, text + put,
			      length - put);
		if (!now)
			break;
		put += now;
	}
	return put;
}

static const uint8_t *run_at(const struct queue *queue, uint64_t position)
{
	return queue->bytes + position % QUEUE_BYTES;
}

static void go_to_next_run(const struct queue *queue,
			   struct queue_reader *reader)
{
	uint64_t next = reader->position + QUEUE_HEADER +
			run_at(queue, reader->position)[LENGTH];

	reader->position = next < queue->end ? skip_end(next) : next;
	reader->done = 0;
}

bool queue_next(const struct queue *queue, struct queue_reader *reader,
		unsigned int sink, struct queue_run *run)
{
	const uint8_t *at;

	for (; reader->position < queue->end; go_to_next_run(queue, reader)) {
		/* It stopped at what was the end then; the writer may have
		 * skipped the ring's last bytes since. */
		reader->position = skip_end(reader->position);
		at = run_at(queue, reader->position);
		if (!(at[RUN_SINKS] >> sink & 1))
			continue;
		*run = (struct queue_run){
			.attribute = at[ATTRIBUTE],
			.text = (const char *)at + QUEUE_HEADER + reader->done,
			.length = at[LENGTH] - reader->done,
		};
		return true;
	}
	return false;
}

void queue_advance(const struct queue *queue, struct queue_reader *reader,
		   size_t length)
{
	reader->done += length;
	if (reader->done >= run_at(queue, reader->position)[LENGTH])
		go_to_next_run(queue, reader);
}
