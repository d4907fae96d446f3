#include "kernel/console/console.h"

#include "kernel/console/console.h"
#include "kernel/panic/tell.h"
#include "x86/tsc.h"

static struct log_ring kernel_log;

void log_start(void)
{
	panic_tell_log(&kernel_log);
}

void log_write(const char *text, size_t length)
{
	log_ring_write(&kernel_log, tsc_read(), text, length);
}

void log_add(const char *text, size_t length)
{
	SPINLOCK_HOLD(&console_lock);

	log_ring_write(&kernel_log, tsc_read(), text, length);
}

uint64_t log_last(uint32_t lines)
{
	SPINLOCK_HOLD(&console_lock);

	return lines == LOG_ALL ? 0 : log_ring_last(&kernel_log, lines);
}

bool log_next(uint64_t *position, struct log_line *line)
{
	SPINLOCK_HOLD(&console_lock);

	return log_ring_next(&kernel_log, position, line);
}
