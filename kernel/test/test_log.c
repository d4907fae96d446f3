#include <stdbool.h>
#include <stddef.h>

#include "kernel/console/console.h"
#include "kernel/console/kprintf.h"
#include "kernel/panic/tell.h"
#include "kernel/test/test.h"
#include "kernel/time/clock.h"
#include "string.h"
#include "x86/tsc.h"

static bool is_text(const struct log_line *line, const char *text)
{
	return line->length == strlen(text) &&
	       memcmp(line->text, text, line->length) == 0;
}

/* The boot report's first line, unless so much was printed since. */
TEST(log_begins_with_the_boot)
{
	uint64_t position = log_last(LOG_ALL);
	struct log_line line;

	EXPECT(log_next(&position, &line));
	if (line.lost)
		return;
	EXPECT(memcmp(line.text, " Firstlight ", 12) == 0);
	EXPECT(line.time > test_boot_info->time_stamps[TIME_KERNEL]);
	EXPECT(line.time < tsc_read());
}

static bool find_row(const char *label, struct log_line *line)
{
	uint64_t position = log_last(LOG_ALL);

	while (log_next(&position, line))
		if (line->starts && line->length > strlen(label) &&
		    memcmp(line->text, label, strlen(label)) == 0)
			return true;
	return false;
}

/* What the loader found is printed before the clocks are measured: in windows,
 * by a counter of fixed frequency. */
TEST(log_has_the_loader_before_the_devices)
{
	struct log_line loader, machine;

	if (!clock_rates()->measured_by || !find_row("command ", &loader) ||
	    !find_row("irqs ", &machine))
		return;
	EXPECT(clock_ns_at(machine.time) - clock_ns_at(loader.time) >=
	       CLOCK_WINDOW_US / 1000 * NS_PER_MS);
}

TEST(log_keeps_what_is_printed)
{
	uint64_t position, before;
	struct log_line line;

	before = tsc_read();
	kprintf("# the log keeps %d, %s\n# and this\n", 42, "that");
	position = log_last(2);
	EXPECT(log_next(&position, &line));
	EXPECT(is_text(&line, "# the log keeps 42, that"));
	EXPECT(line.time > before && line.time < tsc_read());
	EXPECT(log_next(&position, &line));
	EXPECT(is_text(&line, "# and this"));
	EXPECT(!log_next(&position, &line));
}

/* As the panic page reads it. */
TEST(log_is_readable_with_the_lock_held)
{
	const struct log_ring *ring = panic_facts()->log;
	struct log_line first, second;
	uint64_t position;
	bool both;

	kprintf("# before the lock\n# was taken\n");
	{
		SPINLOCK_HOLD(&console_lock);
		position = log_ring_last(ring, 2);
		both = log_ring_next(ring, &position, &first) &&
		       log_ring_next(ring, &position, &second);
	}
	EXPECT(both);
	EXPECT(is_text(&first, "# before the lock"));
	EXPECT(is_text(&second, "# was taken"));
}
