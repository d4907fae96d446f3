/*
 * scenario.h - what is explored: two threads that meet, and a schedule, which
 * says where each is interrupted.
 */
#ifndef KERNEL_EXPLORE_SCENARIO_H
#define KERNEL_EXPLORE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct scenario {
	const char *name; /* "wrong-..." is explored only by its name */
	const char *kinds; /* of schedules, below; with 'i' b never waits */
	void (*prepare)(void); /* before each schedule; may be NULL */
	void (*a)(void); /* one thread */
	void (*b)(void); /* the other, or an interrupt's handler */
	/* When all is over: NULL, or what is wrong. The result must be one that
	 * a and b can also give when nothing interrupts them. */
	const char *(*check)(void);
};

/* The n-th, those that are wrong on purpose last; NULL: there are no more. */
const struct scenario *scenario_at(size_t n);
bool scenario_is_wrong(const struct scenario *scenario);

/* scenarios.c: on what all relies. */
extern const struct scenario right_scenarios[];
extern const size_t right_scenario_count;

/* And what is shared with wrong.c: two add 1 to 0, and it is 2. */
void scenario_clear_sum(void);
void scenario_add_to_sum(void);
const char *scenario_check_sum(void);
const char *scenario_check_nothing(void);

/* wrong.c: mistakes to find. */
extern const struct scenario wrong_scenarios[];
extern const size_t wrong_scenario_count;

/* killed.c: a program is killed in a call. The call is long: not all of its
 * boundaries are visited if there is to be one interruption only. */
extern const struct scenario killed_scenarios[];
extern const size_t killed_scenario_count;
bool scenario_is_killed(const struct scenario *scenario);

/* Whether instructions count: a scenario may begin with some that don't. */
extern volatile bool scenario_counts;

/* Print, or only into the log: it would take minutes on the screen. */
void scenario_use_sinks(bool use);

/* ---- Schedules ----------------------------------------------------------- */

/* What happens between two instructions. */
enum schedule_kind {
	SCHEDULE_CPUS = 'c', /* two CPUs: from now on the other one executes */
	SCHEDULE_TICKS = 't', /* one CPU: the timer's interrupt preempts */
	SCHEDULE_INTERRUPT = 'i', /* one CPU: b comes as an interrupt */
};

#define SCHEDULE_MOST 4 /* times */
#define SCHEDULE_TEXT 64 /* bytes of a string that schedule_write() makes */

/* In text: NAME:KIND, then the numbers, separated by commas: "lock:c37,12". */
struct schedule {
	const struct scenario *scenario;
	char kind; /* enum schedule_kind */
	size_t count; /* how often it happens */
	/* After how many instructions, from the start of a or the last time
	 * on; those of making and ending the two threads do not count. */
	uint32_t after[SCHEDULE_MOST];
};

/* False: the text is none. */
bool schedule_read(const char *text, struct schedule *schedule);
void schedule_write(const struct schedule *schedule, char *text);

/* ---- Playing one --------------------------------------------------------- */

/* Instead of a number: it came when it was not wanted yet, as all slept. */
#define AFTER_ALL_SLEEP UINT32_MAX

struct played {
	const char *wrong; /* NULL: nothing */
	size_t happened; /* how often; less than wanted: all was over before */
	uint32_t after[SCHEDULE_MOST]; /* see above; later than wanted where
					* interrupts were off */
	uint64_t at[SCHEDULE_MOST]; /* the address of the next instruction */
	uint64_t instructions;
	uint64_t path; /* a hash of all of their addresses, in order */
};

/* Let a and b run by this schedule. Where something is wrong, all stays as it
 * is for the panic page. Needs stepped_start(). */
void play(const struct schedule *schedule, struct played *played);

#endif
