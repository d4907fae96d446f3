/*
 * test_console_queue.c - kernel/console/queue.c beside a model: all that was
 * put, read by sinks at a pace of their own.
 */
#include <string.h>

#include "cmocka_test.h"
#include "kernel/console/queue.h"
#include "random.h"

#define SINKS 3
#define TOTAL 400000

static struct queue queue;
static struct queue_reader readers[SINKS];

/* Each character with its colours, as each sink must see it. */
static uint16_t expected[SINKS][TOTAL];
static size_t put[SINKS], seen[SINKS];

static uint64_t oldest(void)
{
	uint64_t position = queue.end;

	for (int i = 0; i < SINKS; i++)
		if (readers[i].position < position)
			position = readers[i].position;
	return position;
}

static int setup(void **state)
{
	(void)state;
	memset(&queue, 0, sizeof(queue));
	memset(readers, 0, sizeof(readers));
	memset(put, 0, sizeof(put));
	memset(seen, 0, sizeof(seen));
	return 0;
}

static size_t put_text(uint8_t attribute, uint8_t sinks, const char *text,
		       size_t length)
{
	size_t done =
		queue_put(&queue, oldest(), attribute, sinks, text, length);

	for (int sink = 0; sink < SINKS; sink++)
		for (size_t i = 0; sinks >> sink & 1 && i < done; i++)
			expected[sink][put[sink]++] =
				(uint16_t)(attribute << 8 | (uint8_t)text[i]);
	return done;
}

/* Returns false if the sink has shown all. */
static bool show(unsigned int sink, size_t most)
{
	struct queue_run run;

	if (!queue_next(&queue, &readers[sink], sink, &run))
		return false;
	assert_true(run.length > 0);
	assert_true((const uint8_t *)run.text >= queue.bytes &&
		    (const uint8_t *)run.text + run.length <=
			    queue.bytes + QUEUE_BYTES);
	if (run.length > most)
		run.length = most;
	for (size_t i = 0; i < run.length; i++)
		assert_int_equal(expected[sink][seen[sink]++],
				 run.attribute << 8 | (uint8_t)run.text[i]);
	queue_advance(&queue, &readers[sink], run.length);
	return true;
}

static void test_each_sink_sees_its_own(void **state)
{
	(void)state;
	assert_int_equal(put_text(7, 7, "all", 3), 3);
	assert_int_equal(put_text(4, 2, "one", 3), 3);
	assert_int_equal(put_text(7, 5, "two", 3), 3);
	for (unsigned int sink = 0; sink < SINKS; sink++) {
		while (show(sink, 2))
			;
		assert_int_equal(seen[sink], put[sink]);
	}
	assert_int_equal(seen[0], 6);
	assert_int_equal(seen[1], 6);
}

static void test_full(void **state)
{
	static char text[QUEUE_BYTES];
	size_t first;

	(void)state;
	memset(text, 'x', sizeof(text));
	first = put_text(7, 7, text, sizeof(text));
	assert_true(first < sizeof(text));
	assert_true(first > sizeof(text) * 9 / 10);
	assert_int_equal(put_text(7, 7, text, 1), 0);
	while (show(0, 1000) || show(1, 1000))
		;
	assert_int_equal(put_text(7, 7, text, 1), 0);
	while (show(2, 10000))
		;
	assert_int_equal(put_text(7, 7, text, 1), 1);
}

/* Around the end again and again, each sink as far behind as it can be. */
static void test_random(void **state)
{
	struct random random = { 42 };
	char text[1000];

	(void)state;
	while (put[0] < TOTAL - 2000 && put[1] < TOTAL - 2000 &&
	       put[2] < TOTAL - 2000) {
		size_t length = random_below(&random, sizeof(text));

		for (size_t i = 0; i < length; i++)
			text[i] = (char)random_below(&random, 256);
		put_text((uint8_t)random_below(&random, 256),
			 (uint8_t)(1 + random_below(&random, 7)), text, length);
		for (uint64_t steps = random_below(&random, 40); steps; steps--)
			show((unsigned int)random_below(&random, SINKS),
			     1 + random_below(&random, 300));
	}
	for (unsigned int sink = 0; sink < SINKS; sink++) {
		while (show(sink, 100))
			;
		assert_int_equal(seen[sink], put[sink]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_each_sink_sees_its_own, setup),
		cmocka_unit_test_setup(test_full, setup),
		cmocka_unit_test_setup(test_random, setup),
	};

	return cmocka_run_group_tests_name("console queue", tests, NULL, NULL);
}
