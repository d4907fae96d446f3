/*
 * test_log_ring.c - the log's ring beside a plain list of lines.
 */
#include <stdlib.h>
#include <string.h>

#include "cmocka_test.h"
#include "log_ring.h"
#include "random.h"

static struct log_ring ring;
static uint64_t position;
static struct log_line line;

static void empty(void)
{
	memset(&ring, 0, sizeof(ring));
	position = 0;
}

static void put(uint64_t time, const char *text)
{
	log_ring_write(&ring, time, text, strlen(text));
}

static void expect(uint64_t time, const char *text)
{
	assert_true(log_ring_next(&ring, &position, &line));
	assert_int_equal(line.time, time);
	assert_int_equal(line.length, strlen(text));
	assert_memory_equal(line.text, text, strlen(text));
}

static void expect_end(void)
{
	assert_false(log_ring_next(&ring, &position, &line));
}

static void test_lines_with_times(void **state)
{
	(void)state;
	empty();
	expect_end();
	put(0, "first\nse");
	put(7, "cond\n\nfourth");
	put(INT64_MAX, "\nfifth");
	expect(0, "first");
	assert_true(line.starts && line.ends);
	expect(0, "second");
	expect(7, "");
	expect(7, "fourth");
	expect(INT64_MAX, "fifth");
	assert_true(line.starts && !line.ends);
	expect_end();
}

/* Who has read everything goes on where the next text begins. */
static void test_reading_goes_on(void **state)
{
	(void)state;
	empty();
	put(1, "a\nb");
	expect(1, "a");
	expect(1, "b");
	expect_end();
	put(2, "c\nd\n");
	expect(0, "c");
	assert_true(!line.starts && line.ends);
	expect(2, "d");
	expect_end();
}

static void test_last_lines(void **state)
{
	(void)state;
	empty();
	assert_int_equal(log_ring_last(&ring, 3), 0);
	put(1, "one\ntwo\nthree\nfou");
	position = log_ring_last(&ring, 2);
	expect(1, "three");
	expect(1, "fou");
	expect_end();
	put(2, "r\n");
	position = log_ring_last(&ring, 2);
	expect(1, "three");
	expect(1, "four");
	assert_int_equal(log_ring_last(&ring, 4), 0);
	assert_int_equal(log_ring_last(&ring, 1000), 0);
	assert_int_equal(log_ring_last(&ring, 0), ring.end);
}

static void test_long_lines_come_in_pieces(void **state)
{
	char text[2 * LOG_TEXT_MAX + 2];

	(void)state;
	empty();
	memset(text, 'x', sizeof(text) - 2);
	strcpy(text + sizeof(text) - 2, "\n");
	put(5, text);
	assert_true(log_ring_next(&ring, &position, &line));
	assert_true(line.starts && !line.ends && line.time == 5);
	assert_int_equal(line.length, LOG_TEXT_MAX);
	assert_true(log_ring_next(&ring, &position, &line));
	assert_true(!line.starts && !line.ends);
	assert_int_equal(line.length, LOG_TEXT_MAX);
	assert_true(log_ring_next(&ring, &position, &line));
	assert_true(!line.starts && line.ends && line.length == 0);
	expect_end();
}

/* A line longer than the ring: its end is there. */
static void test_endless_line(void **state)
{
	size_t bytes = 0;

	(void)state;
	empty();
	put(1, "lost\n");
	for (int i = 0; i < LOG_RING_BYTES / 8; i++)
		put(1, "endless ");
	position = log_ring_first(&ring);
	while (log_ring_next(&ring, &position, &line)) {
		assert_false(line.starts || line.ends);
		bytes += line.length;
	}
	assert_int_equal(bytes, LOG_RING_BYTES);
}

/* ---- Beside a list of all lines ------------------------------------------ */

#define LINES 20000
#define LENGTH_MAX 100

struct known {
	uint64_t time;
	char text[LENGTH_MAX + 1];
};

static struct known known[LINES];

/* Bytes that could be taken for a stamp are text as good as any. */
static void make_known(struct random *rng)
{
	for (int i = 0; i < LINES; i++) {
		uint32_t length = random_below(rng, LENGTH_MAX);

		known[i].time = random_magnitude(rng) >> 1;
		for (uint32_t j = 0; j < length; j++) {
			char byte = (char)random_below(rng, 256);

			known[i].text[j] = byte == '\n' || !byte ? '.' : byte;
		}
		known[i].text[length] = '\0';
	}
}

/* In two pieces at a random place. */
static void put_known(struct random *rng, const struct known *it)
{
	size_t length = strlen(it->text);
	size_t cut = random_below(rng, (uint32_t)length + 1);

	log_ring_write(&ring, it->time, it->text, cut);
	log_ring_write(&ring, it->time, it->text + cut, length - cut);
	put(it->time, "\n");
}

/* Reads from `position` on: must be the last of known[0..count). */
static int count_read(int count)
{
	int read = 0;
	uint64_t from = position;

	while (log_ring_next(&ring, &position, &line))
		read++;
	position = from;
	for (int i = count - read; i < count; i++)
		expect(known[i].time, known[i].text);
	expect_end();
	return read;
}

static void test_ring_keeps_the_newest(void **state)
{
	struct random rng = { 3 };
	size_t kept;
	int read;

	(void)state;
	empty();
	make_known(&rng);
	for (int i = 0; i < LINES; i++) {
		put_known(&rng, &known[i]);
		if (i % 500)
			continue;
		position = log_ring_first(&ring);
		read = count_read(i + 1);
		kept = 0;
		for (int j = i + 1 - read; j <= i; j++)
			kept += LOG_STAMP_BYTES + strlen(known[j].text) + 1;
		assert_true(kept <= LOG_RING_BYTES);
		assert_true(read == i + 1 ||
			    kept > LOG_RING_BYTES - LENGTH_MAX - 20);
		position = log_ring_last(&ring, 20);
		assert_int_equal(count_read(i + 1), i < 20 ? i + 1 : 20);
	}
}

/* A reader that was left behind goes on with the oldest line. */
static void test_slow_reader(void **state)
{
	struct random rng = { 4 };
	uint64_t from, first;

	(void)state;
	empty();
	make_known(&rng);
	for (int i = 0; i < LINES; i++) {
		put_known(&rng, &known[i]);
		from = position = random_below(&rng, (uint32_t)ring.end + 1);
		first = log_ring_first(&ring);
		log_ring_next(&ring, &position, &line);
		assert_true(position <= ring.end);
		if (from + LOG_RING_BYTES > ring.end) {
			assert_int_equal(line.lost, 0);
			continue;
		}
		assert_true(position > first && line.starts);
		assert_int_equal(line.lost, first - from);
	}
}

/* From the beginning of all, which may be lost. */
static void test_from_the_beginning(void **state)
{
	(void)state;
	empty();
	put(1, "first\n");
	expect(1, "first");
	assert_int_equal(line.lost, 0);
	for (int i = 0; i < LOG_RING_BYTES / 8; i++)
		put(2, "another\n");
	position = 0;
	expect(2, "another");
	assert_int_equal(line.lost, log_ring_first(&ring));
	assert_true(line.lost > 0);
	expect(2, "another");
	assert_int_equal(line.lost, 0);
}

/* ---- A ring that somebody has written over ------------------------------- */

static void test_garbage_ends(void **state)
{
	static const uint64_t ends[] = { 0, 1, LOG_RING_BYTES, UINT64_MAX,
					 UINT64_MAX - LOG_RING_BYTES };
	struct random rng = { 5 };

	(void)state;
	for (uint32_t round = 0; round < 200; round++) {
		size_t bytes = 0;

		for (size_t i = 0; i < LOG_RING_BYTES; i++)
			ring.bytes[i] = (char)random_below(&rng, 1 + round);
		ring.end = round < 5 ? ends[round] : random_magnitude(&rng);
		position = log_ring_last(&ring, 1000);
		while (log_ring_next(&ring, &position, &line)) {
			assert_true(line.length <= LOG_TEXT_MAX);
			bytes += line.length;
		}
		assert_true(bytes <= LOG_RING_BYTES);
		position = random_next(&rng);
		log_ring_next(&ring, &position, &line);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_with_times),
		cmocka_unit_test(test_reading_goes_on),
		cmocka_unit_test(test_last_lines),
		cmocka_unit_test(test_long_lines_come_in_pieces),
		cmocka_unit_test(test_endless_line),
		cmocka_unit_test(test_ring_keeps_the_newest),
		cmocka_unit_test(test_slow_reader),
		cmocka_unit_test(test_from_the_beginning),
		cmocka_unit_test(test_garbage_ends),
	};

	return cmocka_run_group_tests_name("log_ring", tests, NULL, NULL);
}
