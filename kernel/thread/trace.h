/*
 * trace.h - the last switches from one thread to another.
 */
#ifndef KERNEL_THREAD_TRACE_H
#define KERNEL_THREAD_TRACE_H

#include <stddef.h>
#include <stdint.h>

#define TRACE_SWITCHES 256

struct trace_switch {
	uint64_t at; /* TSC */
	uint32_t cpu;
	uint32_t from, to; /* numbers of threads */
};

/* Note one, by the threads' numbers. The scheduler's lock is held. */
void trace_switch(uint64_t at, uint32_t cpu, uint32_t from, uint32_t to);

/* Copy at most so many, the oldest first; returns how many. The scheduler's
 * lock is held. */
size_t trace_read(struct trace_switch *switches, size_t most);

#endif
