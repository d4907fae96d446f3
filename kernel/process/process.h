/*
 * process.h - programs in ring 3, each with an address space and a thread of
 * its own.
 *
 *	error = process_start("primes 1000", true, &number);
 *	...
 *	process_wait(number, &end);
 *
 * A program enters the kernel by its calls (calls.h), by a fault, or when it is
 * interrupted. It ends by CALL_EXIT, by a fault that nothing can mend, or
 * when it was killed: then at its next way back to ring 3. A thread of the
 * kernel, "reaper", then releases all that it had. Whoever waits for the end is
 * told after that.
 *
 * What is started at the prompt is a job: the program, and all that it spawns.
 *
 * Context, if nothing else is said: a thread, no spinlock held.
 */
#ifndef KERNEL_PROCESS_PROCESS_H
#define KERNEL_PROCESS_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "calls.h"

#define PROCESSES_MAX 256

/* Let ring 3 in. Needs archive_start(), threads_start_ticks(). Once. */
void process_start_all(void);

/**
 * process_start - start a program from the prompt
 * @line:	its name, and words for it
 * @front:	it gets the keys
 *
 * Somebody must wait for it, unless it is not in front: then its end is
 * printed.
 * Returns 0 or a negative error (calls.h).
 */
int64_t process_start(const char *line, bool front, uint32_t *number);

/* Run what run=NAME on the command line says, and wait for its end. It gets no
 * keys. False: it did not end well, or did not start; the console has it. */
bool process_run_wanted(void);

/* Whether the program, started in front, has ended. Context: any. */
bool process_is_over(uint32_t number);

/* Wait for the end of one that was started in front. */
void process_wait(uint32_t number, struct call_end *end);

/* End a program; or a job, by the number of the program that the prompt has
 * started. False: nothing of this number runs. */
bool process_kill(uint32_t number);
bool process_kill_job(uint32_t number);

/* What the monitor shows. */
struct process_info {
	uint32_t number, job;
	uint32_t parent; /* 0: started at the prompt */
	char name[16];
	const char *state;
	uint64_t pages, calls, faults;
};

/* The n-th; false: there are no more. */
bool process_nth(size_t n, struct process_info *info);

#endif
